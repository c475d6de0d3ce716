using System.IO.Hashing;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using PushProxy.Analysis;
using PushProxy.ClientCache;
using PushProxy.Pages;

namespace PushProxy.Learning;

/// <summary>
/// The stylesheets of the sites behind the proxy, fetched through its own routes once per version: whether a copy is still the
/// version the origin has is known from the answers that pass. Bounded in bytes; what cannot be had is not asked for again for a while.
/// </summary>
internal sealed class SiteStylesheets : IDisposable
{
    /// <summary>After this time a stylesheet whose version nobody has seen since is fetched again, and one that could not be had is tried.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    /// <summary>The longest all fetches for one page may take together; what has not come by then stays unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string AcceptStyles = "text/css,*/*;q=0.1";
    private const string AcceptImages = "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8";

    /// <summary>How much of an image is read for its size, in bytes.</summary>
    private const int ImageHead = 64 * 1024;
    private const int MissCost = 128;

    private readonly RouteFetcher _fetcher;
    private readonly ResourceRegistry _registry;
    private readonly LearningOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;

    public SiteStylesheets(RouteFetcher fetcher, ResourceRegistry registry, LearningOptions options, TimeProvider time)
    {
        (_fetcher, _registry, _options, _time) = (fetcher, registry, options, time);
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.MaxStylesheetCacheBytes, Clock = new Clock(time) });
    }

    /// <summary>The source for one page.</summary>
    /// <param name="audience">
    /// Whose page it is. What one client's page names is not asked for before it is known of others' pages: nobody but that client
    /// may have it.
    /// </param>
    public ISubresourceSource For(Audience audience) => new Source(this, audience);

    /// <summary>
    /// Notes which versions a page was learned with, where nothing is known of them yet: when another one passes, the page is to be
    /// learned anew.
    /// </summary>
    public void NoteVersions(PageAnalysis learned)
    {
        foreach (var resource in learned.Resources)
        {
            if (resource.Kind == ResourceKind.Style && _registry.Find(resource.Url) is { Version: null } state
                && _cache.TryGetValue(state.Key, out Copy? copy) && copy?.Version is { } version)
            {
                // How long it may be used is told by the next answer.
                _registry.Observe(state, new ResourceVersionState(version, null, default), namesOthers: true);
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<StylesheetText?> GetAsync(Uri url, string accept, string type, CancellationToken cancellation, bool beginning = false)
    {
        var key = ResourceState.KeyOf(url);
        var current = _registry.Find(url)?.Version?.Version;
        if (_cache.TryGetValue(key, out Copy? copy) && copy is not null && IsCurrent(copy, current))
        {
            return copy.Text;
        }

        var fetched = await _fetcher.GetAsync(url, accept, beginning ? ImageHead : _options.MaxStylesheetBytes, beginning, cancellation).ConfigureAwait(false);
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
        if (!contentType.Contains(type, StringComparison.OrdinalIgnoreCase) || ContentDecoder.Parse(fetched.Headers.ContentEncoding) is not { } coding)
        {
            return null;
        }

        var bytes = ContentDecoder.Decode(fetched.Body, coding, _options.MaxStylesheetBytes, out var broken);
        return broken ? null : new StylesheetText(bytes, Forwarding.HtmlType.Charset(contentType), XxHash128.HashToUInt128(bytes.Span).ToString("x", null));
    }

    /// <summary>What was fetched; a copy without text could not be had.</summary>
    private sealed record Copy(StylesheetText? Text, ResourceVersion? Version, long FetchedAt);

    private sealed class Source(SiteStylesheets sheets, Audience audience) : ISubresourceSource
    {
        private readonly long _startedAt = sheets._time.GetTimestamp();

        public async ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url) ? await sheets.GetAsync(url, AcceptStyles, "css", cancellation).ConfigureAwait(false) : null;

        public async ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url) && await sheets.GetAsync(url, "*/*", "script", cancellation).ConfigureAwait(false) is { } module ? module.Bytes : null;

        public async ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) =>
            MayAsk(url) && await sheets.GetAsync(url, AcceptImages, "image", cancellation, beginning: true).ConfigureAwait(false) is { } image ? image.Bytes : null;

        private bool MayAsk(Uri url) => sheets._time.GetElapsedTime(_startedAt) < Patience && (audience == Audience.Everyone || sheets._registry.IsNamed(url));
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
