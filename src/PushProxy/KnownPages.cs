using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy;

/// <summary>
/// Lists the pages that PushProxy has learned, for people who operate a proxy. It leaves out everything that only one client's pages have
/// named.
/// </summary>
public sealed class KnownPages
{
    /// <summary>The maximum number of pages that <see cref="List"/> returns.</summary>
    public const int MaxPages = 1000;

    private readonly PageStore _store;
    private readonly ResourceRegistry _registry;

    internal KnownPages(PageStore store, ResourceRegistry registry) => (_store, _registry) = (store, registry);

    /// <summary>
    /// Gets the pages as they are known now, at most <see cref="MaxPages"/>. The pages with the most saved and wasted bytes come first.
    /// </summary>
    public IReadOnlyList<KnownPage> List()
    {
        var first = new Largest<RankedPath>(MaxPages, RankedPath.Compare);
        foreach (var (key, path) in _store.Paths)
        {
            Offer(first, path.Totals.SavedBytes + path.Totals.WastedBytes, key, path);
        }

        return [.. first.InOrder().Select(p => Describe(p.Key, p.Path))];
    }

    /// <summary>Adds a path if it is one of the largest and anything about it may be disclosed.</summary>
    internal static void Offer(Largest<RankedPath> first, long value, PageKey key, LearnedPath path)
    {
        var ranked = new RankedPath(value, key, path);

        // If nothing about a path may be disclosed, it was made for one client, as far as the proxy knows.
        if (first.Takes(ranked) && path.Pages().Count > 0)
        {
            first.Add(ranked);
        }
    }

    /// <summary>Says what is known about one path.</summary>
    internal KnownPage Describe(PageKey key, LearnedPath path) => new(
        key.Route, key.Authority, key.Path, path.Timing.ThinkTime?.TotalMilliseconds, path.Totals.SavedBytes, path.Totals.WastedBytes,
        Resources(path.Pages()))
    {
        WrongNames = path.Totals.WrongNames,
    };

    private IReadOnlyList<KnownResource> Resources(IReadOnlyList<LearnedPage> pages) =>
    [
        .. pages.SelectMany(static p => p.Analysis.Resources.Where(r => p.IsTold(NameKey.Of(r))))
            .Select(static r => r.Url).Distinct().Select(Resource),
    ];

    /// <summary>Says what is known about a resource that pages name.</summary>
    internal KnownResource Resource(Uri url)
    {
        if (_registry.Find(url) is not { } state)
        {
            return new KnownResource(url.AbsoluteUri, null, 0, 0, null);
        }

        var excluded = state.Excluded == ResourceSkip.None ? null : state.Excluded.Name();
        return new KnownResource(url.AbsoluteUri, state.Size < 0 ? null : state.Size, state.SavedBytes, state.WastedBytes, excluded);
    }
}

/// <summary>One learned page. It stands for all variants of its path.</summary>
/// <param name="Route">The identifier of the YARP route that serves the page.</param>
/// <param name="Authority">The host, followed by the port unless it is the default port of the scheme.</param>
/// <param name="Path">The path without the query string.</param>
/// <param name="ThinkTimeMs">
/// The think time in milliseconds: a moving average of the time from the request to the head of the response. It is null before the first
/// response.
/// </param>
/// <param name="SavedBytes">The bytes of content that were not delivered with the page because the clients already had them.</param>
/// <param name="WastedBytes">The bytes of content that were pushed with the page and reset by the clients.</param>
/// <param name="Resources">The resources that the page needs, in the order of delivery.</param>
public sealed record KnownPage(
    string Route, string Authority, string Path, double? ThinkTimeMs, long SavedBytes, long WastedBytes,
    IReadOnlyList<KnownResource> Resources)
{
    /// <summary>
    /// How many resources clients were told in advance that their pages then did not name, as far as the pages were read.
    /// </summary>
    public long WrongNames { get; init; }
}

/// <summary>One resource that learned pages name. Its numbers add up over all these pages.</summary>
/// <param name="Url">The absolute URL.</param>
/// <param name="Size">
/// The bytes of content in the last response, with its content coding (RFC 9110 §8.4). It is null if no response has stated a size.
/// </param>
/// <param name="SavedBytes">The bytes of content that were not delivered because the clients already had them.</param>
/// <param name="WastedBytes">
/// The bytes of content that were pushed for nothing: the client reset the push or requested the resource anyway.
/// </param>
/// <param name="Excluded">
/// The reason why the resource is not delivered, as the debug header writes it. It is null if the resource may be delivered.
/// </param>
public sealed record KnownResource(string Url, int? Size, long SavedBytes, long WastedBytes, string? Excluded);
