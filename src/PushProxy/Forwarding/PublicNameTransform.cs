using PushProxy.Learning;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The response transform that hides the destination from clients (<see cref="PublicName"/>).</summary>
internal sealed class PublicNameTransform(DestinationNames names) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse?.RequestMessage?.RequestUri is { } destination)
        {
            var http = context.HttpContext;
            PublicName.Rewrite(http, destination);
            if (http.Response.Headers.Location is { Count: > 0 } location)
            {
                names.Check(location.ToString(), http.Request.Host.Value ?? "", http.Request.Path.ToUriComponent(), destination);
            }
        }

        return default;
    }
}
