using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>All that is known about a client's cache during one page view. It lives on the stack.</summary>
/// <param name="connection">What this connection tells; null if nothing is remembered for it.</param>
/// <param name="cookie">What the cookie says.</param>
/// <param name="reload">What the navigation says about the browser's cache.</param>
/// <param name="now">When the request arrived.</param>
internal readonly ref struct ClientCacheView(ConnectionCache? connection, CachedSet cookie, Reload reload, DateTimeOffset now)
{
    private readonly CachedSet _cookie = cookie;

    /// <summary>
    /// Returns how the proxy knows that the client would use its own copy; <see cref="CacheEvidence.None"/> if the resource must be
    /// delivered.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="current">The version that would be delivered; null if it is not known.</param>
    /// <param name="staysFresh">
    /// Whether the resource's answers stay fresh. If not, a copy from an earlier connection has to be validated.
    /// </param>
    public CacheEvidence Has(ResourceKey resource, ResourceVersion? current, bool staysFresh = true)
    {
        if (reload == Reload.Hard || current is not { } version)
        {
            return CacheEvidence.None;
        }

        var evidence = connection?.Has(resource, version, now) ?? CacheEvidence.None;
        return evidence.IsAskedFor() && _cookie.Contains(version)
            ? staysFresh ? CacheEvidence.InCookie : CacheEvidence.StaleCopy
            : evidence;
    }
}
