namespace PushProxy.Server.AccessLog;

/// <summary>Takes targets of requests apart, as they came (RFC 9112 §3.2).</summary>
internal static class AccessTarget
{
    /// <summary>Returns a target or URL without its query and what follows it.</summary>
    public static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> target) =>
        target.IndexOf('?') is >= 0 and var at ? target[..at] : target;

    /// <summary>Returns the path and the query, without <c>?</c>. The query is null if there is none.</summary>
    public static (string Path, string? Query) Split(string target)
    {
        var start = 0;
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            // The absolute form: "GET http://www.example.org/pub/WWW/ HTTP/1.1".
            start = target.AsSpan(scheme + 3).IndexOfAny('/', '?') is >= 0 and var path ? scheme + 3 + path : target.Length;
        }

        var query = target.IndexOf('?', start);
        return query < 0 ? (target[start..], null) : (target[start..query], target[(query + 1)..]);
    }
}
