using PushProxy.Load.Origin;
using PushProxy.Load.Peers;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.PageLoad;

/// <summary>The page that browsers load: the shop's, or one of a static site.</summary>
/// <param name="Site">Full path of the site's folder; null for the shop.</param>
/// <param name="Path">The page's path and query, from the slash on.</param>
internal sealed record LoadedPage(string? Site, string Path)
{
    public static readonly LoadedPage Shop = new(null, ShopPage.Path);

    /// <summary>What is served to the proxies.</summary>
    /// <param name="think">How long a page takes, ms.</param>
    public Peer Origin(int think) => Site is null ? PeerCatalog.Shop(think) : PeerCatalog.Folder(Site, think);

    /// <summary>Whether a target can be compared on this page: what is listed by hand is the shop's.</summary>
    public bool Suits(Target target) => Site is null || target.Early is null;

    /// <summary>Checks that a load displayed the page. Of the shop page all parts are known; other sites may lack some.</summary>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public void Check(PageMetrics metrics, TabVisit visit)
    {
        var missing = Site is null ? ShopPage.Resources.Keys.Except(visit.Resources.Select(static r => r.Path)).ToList() : [];
        var isDisplayed = metrics is { Protocol: "h2", FirstContentfulPaint: > 0, LargestContentfulPaint: > 0, Load: > 0 };
        var isWhole = Site is not null || metrics is { Font: true, BrokenImages: 0 };
        // A browser may tell of a page that it has validated by either.
        if (visit.Status is not (200 or 304) || !isDisplayed || !isWhole || missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"the page did not load as it is: status {visit.Status}, {metrics}; never loaded: {string.Join(", ", missing)}.");
        }
    }
}
