using System.IO.Hashing;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Fetches the stylesheets, modules and image heads of the sites behind the proxy, through the proxy's own routes and once per version. The
/// answers that pass show whether a copy is still the origin's version. Its memory is limited. A resource that could not be fetched is not
/// requested again for a while.
/// </summary>
internal sealed class SiteResources : IDisposable
{
    /// <summary>
    /// The time after which a stylesheet is fetched again if no answer has shown its version since, or if the last fetch failed.
    /// </summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    /// <summary>The maximum time for all fetches of one page together. What has not come by then stays unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string AcceptStyles = "text/css,*/*;q=0.1";
    private const string AcceptImages = "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8";

    /// <summary>The maximum number of bytes read of an image, to find its size.</summary>
    private const int ImageHead = 64 * 1024;
    private const int MissCost = 128;

    private readonly RouteFetcher _fetcher;
    private readonly ResourceRegistry _registry;
    private readonly LearningOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;

    public SiteResources(RouteFetcher fetcher, ResourceRegistry registry, LearningOptions options, TimeProvider time)
    {
        (_fetcher, _registry, _options, _time) = (fetcher, registry, options, time);
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.MaxStylesheetCacheBytes, Clock = new CacheClock(time) });
    }

    /// <summary>Returns the source for one page.</summary>
    /// <param name="audience">
    /// The audience of the page. A resource that only one client's page names is not fetched before others' pages name it too, because
    /// perhaps nobody else may have it.
    /// </param>
    public ISubresourceSource For(Audience audience) => new Source(this, audience);

    /// <summary>
    /// Notes the stylesheet versions that a page was learned with, if none are known yet. When another version passes, the page is learned
    /// again.
    /// </summary>
    public void NoteVersions(PageAnalysis learned)
    {
        foreach (var resource in learned.Resources)
        {
            if (resource.Kind == ResourceKind.Style && _registry.Find(resource.Url) is { Version: null } state
                && _cache.TryGetValue(state.Key, out Copy? copy) && copy?.Version is { } version)
            {
                // The next answer tells how long it may be used.
                _registry.Observe(state, new ResourceVersionState(version, null, default), namesOthers: true);
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<StylesheetText?> GetAsync(Uri url, string accept, string type, CancellationToken cancellation,
        bool beginning = false)
    {
        var key = ResourceState.KeyOf(url);
        var current = _registry.Find(url)?.Version?.Version;
        if (_cache.TryGetValue(key, out Copy? copy) && copy is not null && IsCurrent(copy, current))
        {
            return copy.Text;
        }

        var fetched = await _fetcher.GetAsync(url, accept, beginning ? ImageHead : _options.MaxStylesheetBytes, beginning, cancellation)
            .ConfigureAwait(false);
        if (fetched is not null && !beginning && _registry.Find(url) is { Answer.Size: < 0 } state)
        {
            _registry.Sized(state, fetched.Body.Length);
        }

        var text = fetched is null ? null : Read(fetched, type);
        var version = fetched is null ? null : ResourceVersion.Of(ResourceKey.Of(key), fetched.Headers);
        _cache.Set(key, new Copy(text, version, _time.GetTimestamp()), new MemoryCacheEntryOptions
        {
            Size = MissCost + (2L * key.Length) + (text?.Bytes.Length ?? 0),
            SlidingExpiration = _options.Expiry,
        });
        return text;
    }

    private bool IsCurrent(Copy copy, ResourceVersion? current) =>
        current is not null && copy.Version is not null ? copy.Version == current : _time.GetElapsedTime(copy.FetchedAt) < Recheck;

    private StylesheetText? Read(FetchedResource fetched, string type)
    {
        var contentType = fetched.Headers.ContentType.ToString();
        if (!contentType.Contains(type, StringComparison.OrdinalIgnoreCase)
            || ContentDecoder.Parse(fetched.Headers.ContentEncoding) is not { } coding)
        {
            return null;
        }

        var bytes = ContentDecoder.Decode(fetched.Body, coding, _options.MaxStylesheetBytes, out var broken);
        return broken
            ? null : new StylesheetText(bytes, HtmlType.Charset(contentType), XxHash128.HashToUInt128(bytes.Span).ToString("x", null));
    }

    /// <summary>The result of a fetch. A copy without text means that the fetch failed.</summary>
    private sealed record Copy(StylesheetText? Text, ResourceVersion? Version, long FetchedAt);

    private sealed class Source(SiteResources sheets, Audience audience) : ISubresourceSource
    {
        private readonly long _startedAt = sheets._time.GetTimestamp();

        public async ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url) ? await sheets.GetAsync(url, AcceptStyles, "css", cancellation).ConfigureAwait(false) : null;

        public async ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url) && await sheets.GetAsync(url, "*/*", "script", cancellation).ConfigureAwait(false) is { } module
                ? module.Bytes : null;

        public async ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url)
                && await sheets.GetAsync(url, AcceptImages, "image", cancellation, beginning: true).ConfigureAwait(false) is { } image
                ? image.Bytes : null;

        private bool MayAsk(Uri url) =>
            sheets._time.GetElapsedTime(_startedAt) < Patience && (audience == Audience.Everyone || sheets._registry.IsNamed(url));
    }
}
