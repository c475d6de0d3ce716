using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>
/// Removes the fields that the origin's <c>Connection</c> lists. They are for its connection to the proxy: "Intermediaries MUST parse a
/// received Connection header field before a message is forwarded and, for each connection-option in this field, remove any header or
/// trailer field(s) from the message with the same name as the connection-option" (RFC 9110 §7.6.1). YARP removes <c>Connection</c> alone.
/// </summary>
internal sealed class ConnectionFieldsTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } response && response.Headers.NonValidated.TryGetValues("Connection", out var lines))
        {
            foreach (var line in lines)
            {
                foreach (var option in line.AsSpan().Split(','))
                {
                    var name = line.AsSpan()[option].Trim(" \t");
                    if (!name.IsEmpty && !name.Equals("close", StringComparison.OrdinalIgnoreCase)
                        && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
                    {
                        context.HttpContext.Response.Headers.Remove(name.ToString());
                    }
                }
            }
        }

        return default;
    }
}
