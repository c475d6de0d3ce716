namespace PushProxy.Cache;

/// <summary>
/// What was purged: a URL, all URLs that begin with one, everything, or a group. Of a group the URLs that were stored are named beside it.
/// What is on its way may belong to it, too.
/// </summary>
public sealed class HttpCachePurged
{
    internal HttpCachePurged(string authority, string target, bool isPrefix, string? group = null) =>
        (Authority, Target, IsPrefix, Group) = (authority, target, isPrefix, group);

    /// <summary>The host in lower case, and the port unless it is the default port of the scheme; empty if everything was purged.</summary>
    public string Authority { get; }

    /// <summary>The path and the query; empty if everything was purged, or a group.</summary>
    public string Target { get; }

    /// <summary>Whether all targets of the authority that begin with <see cref="Target"/> were purged.</summary>
    public bool IsPrefix { get; }

    /// <summary>The group of the site that was purged (RFC 9875 §2); null if none was.</summary>
    public string? Group { get; }

    /// <summary>Returns whether a URL was purged. The scheme makes no difference.</summary>
    /// <param name="authority">The host, and the port unless it is the default port of the scheme.</param>
    /// <param name="target">The path and the query, as clients write them.</param>
    public bool Covers(ReadOnlySpan<char> authority, ReadOnlySpan<char> target) => IsOf(authority)
        && (IsPrefix ? target.StartsWith(Target, StringComparison.Ordinal) : target.SequenceEqual(Target));

    /// <summary>Returns whether URLs of a site were purged.</summary>
    /// <param name="authority">The host, and the port unless it is the default port of the scheme.</param>
    public bool IsOf(ReadOnlySpan<char> authority) =>
        Authority.Length == 0 || authority.Equals(Authority, StringComparison.OrdinalIgnoreCase);
}
