using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>All that is known of a client's cache during one page view. Lives on the stack.</summary>
/// <param name="connection">What happened on this connection; null where none is remembered.</param>
/// <param name="cookie">What the cookie says.</param>
/// <param name="reload">What the navigation says.</param>
/// <param name="now">When the request came in.</param>
internal readonly ref struct ClientCacheView(ConnectionCache? connection, CachedSet cookie, Reload reload, DateTimeOffset now)
{
    private readonly CachedSet _cookie = cookie;

    /// <summary>How it is known that the client would use its own copy; <see cref="CacheEvidence.None"/>: it is to be delivered.</summary>
    /// <param name="resource">Which.</param>
    /// <param name="current">The version that would be delivered; null when that is not known.</param>
    public CacheEvidence Has(ResourceKey resource, ResourceVersion? current)
    {
        if (reload == Reload.Hard || current is not { } version)
        {
            return CacheEvidence.None;
        }

        var evidence = connection?.Has(resource, version, now) ?? CacheEvidence.None;
        return evidence == CacheEvidence.None && _cookie.Contains(version) ? CacheEvidence.InCookie : evidence;
    }
}
