using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy;

/// <summary>What is known of pages, for people who look after a proxy. Nothing that only one client's page named is among it.</summary>
public sealed class KnownPages
{
    /// <summary>The most pages listed.</summary>
    public const int MaxPages = 1000;

    private readonly PageStore _store;
    private readonly ResourceRegistry _registry;

    internal KnownPages(PageStore store, ResourceRegistry registry) => (_store, _registry) = (store, registry);

    /// <summary>
    /// The pages as they are known now, at most <see cref="MaxPages"/>: those with the most bytes saved and wasted first.
    /// </summary>
    public IReadOnlyList<KnownPage> List() =>
    [
        .. _store.Paths
            .Select(static p => (p.Key, Path: p.Value, Pages: p.Value.Pages()))

            // A path of which nothing may be told is one that was made for one client, as far as is known.
            .Where(static p => p.Pages.Count > 0)
            .OrderByDescending(static p => p.Path.SavedBytes + p.Path.WastedBytes)
            .ThenBy(static p => p.Key.Authority, StringComparer.Ordinal)
            .ThenBy(static p => p.Key.Path, StringComparer.Ordinal)
            .Take(MaxPages)
            .Select(p => new KnownPage(
                p.Key.Route, p.Key.Authority, p.Key.Path, p.Path.Timing.ThinkTime?.TotalMilliseconds, p.Path.SavedBytes, p.Path.WastedBytes,
                Resources(p.Pages)))
    ];

    private IReadOnlyList<KnownResource> Resources(IReadOnlyList<LearnedPage> pages) =>
        [.. pages.SelectMany(static p => p.Analysis.Resources).Select(static r => r.Url).Distinct().Select(Resource)];

    private KnownResource Resource(Uri url)
    {
        if (_registry.Find(url) is not { } state)
        {
            return new KnownResource(url.AbsoluteUri, null, 0, 0, null);
        }

        var excluded = state.Excluded == ResourceSkip.None ? null : state.Excluded.Name();
        return new KnownResource(url.AbsoluteUri, state.Size < 0 ? null : state.Size, state.SavedBytes, state.WastedBytes, excluded);
    }
}

/// <summary>One page, with all of its variants.</summary>
/// <param name="Route">The route that serves it.</param>
/// <param name="Authority">Host, and port where it is not the scheme's own.</param>
/// <param name="Path">Without query string.</param>
/// <param name="ThinkTimeMs">From the request to the head of the response, in ms: a moving average; null before the first.</param>
/// <param name="SavedBytes">Content that was not delivered with it because the clients had it.</param>
/// <param name="WastedBytes">Content that was pushed with it and reset by the clients.</param>
/// <param name="Resources">What it needs, in the order of delivery.</param>
public sealed record KnownPage(
    string Route, string Authority, string Path, double? ThinkTimeMs, long SavedBytes, long WastedBytes,
    IReadOnlyList<KnownResource> Resources);

/// <summary>One resource; its numbers count for all pages that name it.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="Size">Content of the last response, as coded, in bytes; null when none has stated it.</param>
/// <param name="SavedBytes">Content that was not delivered because the clients had it.</param>
/// <param name="WastedBytes">Content that was pushed for nothing: reset by the client, or asked for all the same.</param>
/// <param name="Excluded">Why it is not delivered, as the debug header writes it; null when nothing stands against it.</param>
public sealed record KnownResource(string Url, int? Size, long SavedBytes, long WastedBytes, string? Excluded);
