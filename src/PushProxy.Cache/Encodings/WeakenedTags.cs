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

        http.Request.Headers.IfNoneMatch = WithStrong(line) ?? line;

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

    /// <summary>
    /// Returns a list of tags with the strong forms of its weak ones behind it; null if it has all of them, or is too long.
    /// </summary>
    public static string? WithStrong(string line)
    {
        var (strong, named) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        for (var rest = line.Length < MaxLength ? line.AsSpan() : default; !rest.IsEmpty;)
        {
            var tag = FieldList.Next(ref rest, escapes: false, out _).ToString();
            if (tag.StartsWith("W/\"", StringComparison.Ordinal))
            {
                strong.Add(tag[2..]);
            }

            named.Add(tag);
        }

        strong.RemoveAll(named.Contains);
        return strong.Count == 0 ? null : $"{line}, {string.Join(", ", strong)}";
    }
}
