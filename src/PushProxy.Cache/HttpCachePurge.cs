using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>
/// Removes stored responses on request. A response that the origin was asked for before that is not stored any more, even if it comes
/// later.
/// </summary>
public sealed class HttpCachePurge
{
    private readonly ResponseStore _store;
    private readonly IHttpCachePurgeObserver[] _observers;

    internal HttpCachePurge(ResponseStore store, IEnumerable<IHttpCachePurgeObserver> observers) =>
        (_store, _observers) = (store, [.. observers]);

    /// <summary>Removes all responses of a URL.</summary>
    /// <param name="url">An absolute URL, as clients ask for it. Its path and query must be written as clients write them.</param>
    /// <returns>How many responses were removed, variants counted.</returns>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public int Url(Uri url)
    {
        var removed = _store.Purge(KeyOf(url));
        Tell([new(url.Authority, TargetOf(url), isPrefix: false)]);
        return removed;
    }

    /// <summary>Removes the responses of all URLs that begin with a URL.</summary>
    /// <param name="prefix">An absolute URL. <c>https://www.example.org/</c> stands for all of that site.</param>
    /// <returns>How many responses were removed, variants counted.</returns>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public int Prefix(Uri prefix)
    {
        var removed = _store.PurgeAll(KeyOf(prefix));
        Tell([new(prefix.Authority, TargetOf(prefix), isPrefix: true)]);
        return removed;
    }

    /// <summary>Removes the responses of a site that belong to a group (RFC 9875 §2).</summary>
    /// <param name="site">An absolute URL of the site.</param>
    /// <param name="group">The name of the group, as the responses have it in <c>Cache-Groups</c>.</param>
    /// <returns>How many responses were removed, variants counted.</returns>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public int Group(Uri site, string group)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(group);
        Check(site);
        var key = CacheKey.Site(site.Scheme, site.Authority);
        var purged = new List<HttpCachePurged> { new(site.Authority, "", isPrefix: false, group) };
        var removed = _store.PurgeAll(
            key, r => r.Head.Groups.Contains(group), url => purged.Add(new(site.Authority, url[key.Length..], isPrefix: false)));
        Tell(purged);
        return removed;
    }

    /// <summary>Removes everything.</summary>
    /// <returns>How many responses were removed, variants counted.</returns>
    public int All()
    {
        var removed = _store.PurgeAll("");
        Tell([new("", "", isPrefix: true)]);
        return removed;
    }

    /// <summary>Removes what was purged elsewhere, such as at another instance of the application. It applies to http and https.</summary>
    /// <param name="purged">What was purged. Of a group the URLs need not be named.</param>
    /// <returns>How many responses were removed, variants counted.</returns>
    internal int Again(HttpCachePurged purged)
    {
        if (purged.Authority.Length == 0)
        {
            return All();
        }

        var (removed, told) = (0, new List<HttpCachePurged> { purged });
        foreach (var scheme in (string[])["http", "https"])
        {
            var site = CacheKey.Site(scheme, purged.Authority);
            removed += purged.Group is { } group
                ? _store.PurgeAll(
                    site, r => r.Head.Groups.Contains(group), url => told.Add(new(purged.Authority, url[site.Length..], isPrefix: false)))
                : purged.IsPrefix ? _store.PurgeAll(site + purged.Target) : _store.Purge(site + purged.Target);
        }

        Tell(told);
        return removed;
    }

    private void Tell(List<HttpCachePurged> purged) => Array.ForEach(_observers, o => o.Purged(purged));

    private static string KeyOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        Check(url);

        return CacheKey.Of(url.Scheme, url.Authority, TargetOf(url));
    }

    // Not PathAndQuery: what is written with % stays as it is written, but a few characters would change.
    private static string TargetOf(Uri url) => url.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped);

    private static void Check(Uri url)
    {
        if (!url.IsAbsoluteUri)
        {
            throw new ArgumentException($"'{url}' is not an absolute URL.", nameof(url));
        }
    }
}
