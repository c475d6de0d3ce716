using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using PushProxy.Analysis;
using PushProxy.Learning;

namespace PushProxy.Pages;

/// <summary>All learned pages, in a memory cache bounded in bytes; a page nobody asks for expires.</summary>
internal sealed class PageStore : IDisposable
{
    private readonly LearningOptions _options;
    private readonly ResourceRegistry _registry;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;
    private readonly Lock _learning = new();

    public PageStore(LearningOptions options, ResourceRegistry registry, TimeProvider time)
    {
        _options = options;
        _registry = registry;
        _time = time;
        _cache = new MemoryCache(new MemoryCacheOptions
        {
            SizeLimit = options.CacheBytes,
            ExpirationScanFrequency = TimeSpan.FromMinutes(1),
            TrackStatistics = true,
            Clock = new Clock(time),
        });
    }

    public long Count => _cache.Count;

    /// <summary>Estimated, in bytes; never above <see cref="LearningOptions.CacheBytes"/>.</summary>
    public long Size => _cache.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    public PageKnowledge Find(PageKey key, string query, IHeaderDictionary request)
    {
        if (!_cache.TryGetValue(key, out LearnedPath? path) || path is null)
        {
            return default;
        }

        var (exact, page) = path.Find(VariantKey.Of(query, request, path.Vary));
        return new PageKnowledge(path, exact, page);
    }

    /// <summary>Whether this version is known already, so that analysing it again would find nothing new.</summary>
    public bool Knows(PageKey key, UInt128 variantKey, UInt128 contentHash) =>
        _cache.TryGetValue(key, out LearnedPath? path) && path!.Find(variantKey).Exact?.Knows(contentHash) == true;

    public LearnOutcome Learn(PageKey key, IReadOnlyList<string> vary, UInt128 variantKey, UInt128 contentHash, string? validator, PageAnalysis analysis)
    {
        var page = new LearnedPage(analysis);
        lock (_learning)
        {
            if (!_cache.TryGetValue(key, out LearnedPath? path) || path!.Retired || !path.Vary.SequenceEqual(vary, StringComparer.Ordinal))
            {
                _cache.Remove(key);
                path = new LearnedPath(vary, _options.MaxVariants);
            }

            foreach (var resource in analysis.Resources)
            {
                _registry.Acquire(resource.Url);
            }

            var gone = path.Learn(
                new Variant(variantKey, new PageVersion(contentHash, validator), page), _time.GetUtcNow(), _options.MaxRelearnPause, out var outcome);
            foreach (var old in gone)
            {
                Release(old);
            }

            // Set anew even when it is there: its size has changed, and a cache counts what it was told.
            _cache.Set(key, path, new MemoryCacheEntryOptions { Size = key.Size + path.Size, SlidingExpiration = _options.Expiry }
                .RegisterPostEvictionCallback(Evicted));
            return outcome;
        }
    }

    public void Dispose() => _cache.Dispose();

    private void Evicted(object key, object? value, EvictionReason reason, object? state)
    {
        if (reason == EvictionReason.Replaced || value is not LearnedPath path)
        {
            return;
        }

        // Runs later, on another thread: a path that was learned anew in between is not this one.
        lock (_learning)
        {
            path.Retired = true;
            foreach (var page in path.Pages())
            {
                Release(page);
            }
        }
    }

    private void Release(LearnedPage page)
    {
        foreach (var resource in page.Analysis.Resources)
        {
            _registry.Release(resource.Url);
        }
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
