using System.IO.Hashing;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Fetches the stylesheets, modules and image heads of the sites behind the proxy, through the proxy's own routes and once per version. The
/// answers that pass show whether a copy is still the origin's version. Its memory is limited. A resource that could not be fetched is not
/// requested again for a while. Pages that need the same resource at the same time share one fetch.
/// </summary>
internal sealed class SiteResources : IDisposable
{
    /// <summary>
    /// The time after which a stylesheet is fetched again if no answer has shown its version since, or if the last fetch failed.
    /// </summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    private const int MissCost = 128;

    private readonly RouteFetcher _fetcher;
    private readonly FetchSlots _slots;
    private readonly ResourceRegistry _registry;
    private readonly LearningOptions _options;
    private readonly TimeProvider _time;
    private readonly PushProxyMetrics _metrics;
    private readonly MemoryCache _cache;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, FetchKind Kind), SharedFetch> _underWay = [];

    public SiteResources(
        RouteFetcher fetcher, FetchSlots slots, ResourceRegistry registry, LearningOptions options, TimeProvider time,
        PushProxyMetrics metrics)
    {
        (_fetcher, _slots, _registry, _options, _time, _metrics) = (fetcher, slots, registry, options, time, metrics);
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.MaxStylesheetCacheBytes, Clock = new CacheClock(time) });
    }

    /// <summary>Returns the source for one page.</summary>
    /// <param name="audience">
    /// The audience of the page. A resource that only one client's page names is not fetched before others' pages name it too, because
    /// perhaps nobody else may have it.
    /// </param>
    /// <param name="party">For whom the page is analysed.</param>
    /// <param name="onlyNamed">
    /// Whether only what a learned page names is fetched, because this page names something new each time.
    /// </param>
    /// <param name="codings">The Accept-Encoding of the fetches.</param>
    public PageResources For(Audience audience, Party party, bool onlyNamed = false, string codings = FetchCodings.Usual) =>
        new(this, audience == Audience.Everyone && !onlyNamed ? null : _registry.IsNamed, party, codings, _options, _time, _metrics);

    /// <summary>
    /// Notes the stylesheet versions that a page was learned with. When other content passes, the page is learned again.
    /// </summary>
    public void NoteVersions(PageAnalysis learned)
    {
        foreach (var resource in learned.Resources)
        {
            if (resource.Kind != ResourceKind.Style || _registry.Find(resource.Url) is not { } state
                || !_cache.TryGetValue(state.Key, out Copy? copy) || copy is not { Version: { } version })
            {
                continue;
            }

            state.CompareContents().Fetched(version, copy.Body, copy.Content);
            if (state.Version is null && copy.HasValidator)
            {
                // The next answer tells how long it may be used.
                _registry.Observe(state, new ResourceVersionState(version, null, default), namesOthers: false);
            }
        }
    }

    /// <summary>Forgets the copies of what was purged. What is under way is not kept, and whoever waits for it asks again.</summary>
    public void Forget(PurgedUrls purged)
    {
        lock (_lock)
        {
            foreach (var (key, fetch) in _underWay.Where(f => purged.MayCover(f.Key.Key)).ToList())
            {
                fetch.IsPurged = true;
                _underWay.Remove(key);
            }

            foreach (var key in _cache.Keys.OfType<string>().Where(purged.Cover).ToList())
            {
                _cache.Remove(key);
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>Returns whether a resource was fetched, or found not to be had, and is still as it was.</summary>
    internal bool TryFind(Uri url, out StylesheetText? text)
    {
        var isFound = _cache.TryGetValue(ResourceState.KeyOf(url), out Copy? copy) && copy is not null && IsCurrent(copy, url);
        text = isFound ? copy!.Text : null;
        return isFound;
    }

    /// <summary>
    /// Fetches a resource, or joins a fetch of it that is under way. The fetch ends when nobody waits for it any more. Then the resource is
    /// too slow, and not requested again for a while. If it is purged meanwhile, it is fetched once more.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal async Task<StylesheetText?> FetchAsync(Uri url, FetchKind kind, Party party, string codings, CancellationToken cancellation)
    {
        while (true)
        {
            var fetch = Join(url, kind, party, codings);
            try
            {
                var text = await fetch.Task.WaitAsync(cancellation).ConfigureAwait(false);
                if (!fetch.IsPurged)
                {
                    return text;
                }
            }
            finally
            {
                Leave(fetch);
            }
        }
    }

    private SharedFetch Join(Uri url, FetchKind kind, Party party, string codings)
    {
        var key = (ResourceState.KeyOf(url), kind);
        lock (_lock)
        {
            if (!_underWay.TryGetValue(key, out var fetch))
            {
                var begun = fetch = new SharedFetch(_options.MaxFetchTime, _time);
                _underWay.Add(key, begun);

                // Forwarding is not computing: it leaves the thread of the analyses.
                begun.Task = Task.Run(() => FetchOnceAsync(url, key.Item1, kind, party, codings, begun), CancellationToken.None);
            }

            fetch.Waiting++;
            return fetch;
        }
    }

    private void Leave(SharedFetch fetch)
    {
        lock (_lock)
        {
            if (--fetch.Waiting > 0)
            {
                return;
            }
        }

        fetch.Limit.Cancel();
    }

    private async Task<StylesheetText?> FetchOnceAsync(
        Uri url, string key, FetchKind kind, Party party, string codings, SharedFetch fetch)
    {
        var copy = Missing();
        try
        {
            await _slots.EnterAsync(party, fetch.Limit.Token);
            try
            {
                var maxBytes = kind.MaxBytes ?? _options.MaxStylesheetBytes;
                var fetched = await _fetcher.GetAsync(url, kind.Accept, codings, maxBytes, kind.IsBeginning, fetch.Limit.Token);
                if (fetched is not null && !kind.IsBeginning && _registry.Find(url) is { Answer.Size: < 0 } state)
                {
                    _registry.Sized(state, fetched.Body.Length);
                }

                copy = Read(fetched, ResourceKey.Of(key), kind.Type);
            }
            finally
            {
                _slots.Leave(party);
            }
        }
        catch (OperationCanceledException)
        {
            _metrics.Fetched(FetchOutcome.TooSlow);
        }
        finally
        {
            lock (_lock)
            {
                if (!fetch.IsPurged)
                {
                    _cache.Set(key, copy, new MemoryCacheEntryOptions
                    {
                        Size = MissCost + (2L * key.Length) + (copy.Text?.Bytes.Length ?? 0),
                        SlidingExpiration = _options.Expiry,
                    });
                    _underWay.Remove((key, kind));
                }
            }
        }

        return copy.Text;
    }

    private bool IsCurrent(Copy copy, Uri url) =>
        _registry.Find(url) is { Version.Version: var current } state && copy.Version is { } version
            ? version == current || state.Contents?.AreSame(version, current) == true
            : _time.GetElapsedTime(copy.FetchedAt) < Recheck;

    private Copy Read(FetchedResource? fetched, ResourceKey key, string type)
    {
        var contentType = fetched?.Headers.ContentType.ToString();
        if (fetched is null || contentType?.Contains(type, StringComparison.OrdinalIgnoreCase) != true
            || ContentDecoder.Parse(fetched.Headers.ContentEncoding) is not { } coding)
        {
            return Missing();
        }

        var bytes = ContentDecoder.Decode(fetched.Body, coding, _options.MaxStylesheetBytes, out var broken);
        var (body, content) = (XxHash128.HashToUInt128(fetched.Body.Span), XxHash128.HashToUInt128(bytes.Span));
        var named = ResourceVersion.Of(key, fetched.Headers);
        return new Copy(
            broken ? null : new StylesheetText(bytes, HtmlType.Charset(contentType), content.ToString("x", null)),
            named ?? ResourceVersion.OfContent(key, body), named is not null, body, content, _time.GetTimestamp());
    }

    private Copy Missing() => new(null, null, false, default, default, _time.GetTimestamp());

    /// <summary>A fetch that several pages may wait for.</summary>
    private sealed class SharedFetch(TimeSpan time, TimeProvider clock)
    {
        public Task<StylesheetText?> Task { get; set; } = null!;

        /// <summary>Ends the fetch. It is not disposed, because the last one to leave may come later than the fetch ends.</summary>
        public CancellationTokenSource Limit { get; } = new(time, clock);

        /// <summary>Whether it was purged since it was requested. It is written under the lock of the site's resources.</summary>
        public bool IsPurged { get; set; }

        /// <summary>How many wait. Guarded by the lock of the site's resources.</summary>
        public int Waiting { get; set; }
    }

    /// <summary>The result of a fetch.</summary>
    /// <param name="Text">The text; null if the fetch failed.</param>
    /// <param name="Version">The version by the validator, else by the body; null if there was no answer.</param>
    /// <param name="HasValidator">Whether the version is that of a validator.</param>
    /// <param name="Body">The hash of the body in its coding.</param>
    /// <param name="Content">The hash of the content without coding.</param>
    /// <param name="FetchedAt">When, as a timestamp of the clock.</param>
    private sealed record Copy(
        StylesheetText? Text, ResourceVersion? Version, bool HasValidator, UInt128 Body, UInt128 Content, long FetchedAt);
}
