namespace PushProxy.Cache;

/// <summary>What was purged: a URL, all URLs that begin with one, or everything.</summary>
public sealed class HttpCachePurged
{
    internal HttpCachePurged(string authority, string target, bool isPrefix) =>
        (Authority, Target, IsPrefix) = (authority, target, isPrefix);

    /// <summary>The host in lower case, and the port unless it is the default port of the scheme; empty if everything was purged.</summary>
    public string Authority { get; }

    /// <summary>The path and the query; empty if everything was purged.</summary>
    public string Target { get; }

    /// <summary>Whether all targets of the authority that begin with <see cref="Target"/> were purged.</summary>
    public bool IsPrefix { get; }

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
