using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Encodings;

/// <summary>
/// A client that has an encoded response asks for it by its weak tag. Some origins compare tags byte by byte, though If-None-Match compares
/// them weakly (RFC 9110 §13.1.2), and would send all again. So both forms are named.
/// </summary>
internal static class WeakenedTags
{
    /// <summary>Longer fields pass as they are.</summary>
    private const int MaxLength = 1024;

    /// <summary>Returns whether a client asks by a weak tag, so that what it has may be encoded.</summary>
    public static bool AreNamed(IHeaderDictionary request) =>
        request.IfNoneMatch is [{ } line] && line.Contains("W/\"", StringComparison.Ordinal);

    /// <summary>Adds the strong form of the weak tags in If-None-Match.</summary>
    public static void Name(HttpContext http)
    {
        if (http.Request.Headers.IfNoneMatch is not [{ Length: < MaxLength } line] || !AreNamed(http.Request.Headers))
        {
            return;
        }

        var strong = new List<string>();
        for (var rest = line.AsSpan(); !rest.IsEmpty;)
        {
            var tag = FieldList.Next(ref rest, escapes: false, out _);
            if (tag.StartsWith("W/\"", StringComparison.Ordinal))
            {
                strong.Add(tag[2..].ToString());
            }
        }

        http.Request.Headers.IfNoneMatch = $"{line}, {string.Join(", ", strong)}";

        // What the client has is encoded, whatever form of the tag the origin answers with.
        http.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            if (response.StatusCode == StatusCodes.Status304NotModified)
            {
                EncodedHead.Weaken(response);
            }

            return Task.CompletedTask;
        }, http);
    }
}
