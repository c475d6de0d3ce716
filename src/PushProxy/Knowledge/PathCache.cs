using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Keeps the known paths within <see cref="LearningOptions.CacheBytes"/>, and releases what a path that makes room or expires has named.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="registry">Keeps the resources that pages name.</param>
/// <param name="time">The clock.</param>
/// <param name="templates">What the paths have in common.</param>
/// <param name="learning">The store's lock. Whoever calls <see cref="FindOrStart"/> or <see cref="Keep"/> holds it.</param>
internal sealed class PathCache(
    LearningOptions options, ResourceRegistry registry, TimeProvider time, TemplateStore templates, Lock learning) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions
    {
        SizeLimit = options.CacheBytes,
        ExpirationScanFrequency = TimeSpan.FromMinutes(1),
        TrackStatistics = true,
        Clock = new CacheClock(time),
    });

    /// <summary>The same paths as in the cache, for enumeration. Looking a path up in the cache would keep it alive.</summary>
    private readonly ConcurrentDictionary<PageKey, LearnedPath> _paths = new();

    public long Count => _cache.Count;

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => _cache.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    /// <summary>All paths, in no order.</summary>
    public IEnumerable<KeyValuePair<PageKey, LearnedPath>> Paths => _paths;

    /// <summary>Returns a path; null if it is not known.</summary>
    public LearnedPath? Find(PageKey key) => _cache.TryGetValue(key, out LearnedPath? path) ? path : null;

    /// <summary>Returns the path of a page. If it is not known, or if more headers tell its variants apart now, it starts anew.</summary>
    public LearnedPath FindOrStart(PageDescription page)
    {
        if (Find(page.Key) is { Retired: false } path && page.Vary.All(path.Vary.Contains))
        {
            return path;
        }

        _cache.Remove(page.Key);
        return new LearnedPath(page.Vary, options.MaxVariants, options.SharedBy, options.SharedByAddresses);
    }

    /// <summary>Keeps a path that is new or has changed.</summary>
    public void Keep(PageKey key, LearnedPath path)
    {
        _paths[key] = path;

        // The entry is set again even if it exists, because the cache does not notice that its size has changed.
        _cache.Set(key, path, new MemoryCacheEntryOptions { Size = key.Size + path.Size, SlidingExpiration = options.Expiry }
            .RegisterPostEvictionCallback(Evicted));
    }

    public void Dispose() => _cache.Dispose();

    private void Evicted(object key, object? value, EvictionReason reason, object? state)
    {
        if (reason == EvictionReason.Replaced || value is not LearnedPath path)
        {
            return;
        }

        // This runs later and on another thread. Meanwhile the key may have a new path, which must stay.
        lock (learning)
        {
            path.Retired = true;
            _paths.TryRemove(new((PageKey)key, path));
            var pages = path.Pages();
            templates.Forget((PageKey)key, pages);
            foreach (var page in pages)
            {
                registry.Release(page);
            }
        }
    }
}
