using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Knowledge.Saved;
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
/// <param name="kept">What was kept when the program ended last; null if nothing is kept.</param>
internal sealed class PathCache(
    LearningOptions options, ResourceRegistry registry, TimeProvider time, TemplateStore templates, Lock learning, KeptRecords? kept)
    : IDisposable
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

    /// <summary>The keys of the paths, by the keys of their records (<see cref="RecordKey"/>).</summary>
    private readonly ConcurrentDictionary<UInt128, PageKey> _records = new();

    /// <summary>Called under the store's lock when a path is new or has changed.</summary>
    public event Action<PageKey>? Changed;

    public long Count => _cache.Count;

    /// <summary>A number that changes when a path is looked up. It may miss some of many at once.</summary>
    public long Lookups { get; private set; }

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => _cache.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    /// <summary>All paths, in no order.</summary>
    public IEnumerable<KeyValuePair<PageKey, LearnedPath>> Paths => _paths;

    /// <summary>Returns a path; null if it is not known.</summary>
    public LearnedPath? Find(PageKey key)
    {
        Lookups++;
        if (_cache.TryGetValue(key, out LearnedPath? path))
        {
            path!.UsedAt = time.GetUtcNow().UtcTicks;
            return path;
        }

        if (kept is not { HasNoPages: false })
        {
            return null;
        }

        lock (learning)
        {
            return kept.TakePath(key) is { } saved ? Restore(saved) : _cache.Get<LearnedPath>(key);
        }
    }

    /// <summary>Takes over a path that was kept, if nobody has asked for it yet. Whoever calls it holds the store's lock.</summary>
    /// <param name="record">The key of its record.</param>
    public void Restore(UInt128 record)
    {
        if (kept?.TakePath(record) is { } saved)
        {
            Restore(saved);
        }
    }

    /// <summary>Takes over a path that was kept, or that another instance knows. Whoever calls it holds the store's lock.</summary>
    /// <returns>The path; null if nobody has used it for too long.</returns>
    public LearnedPath? Restore(SavedPath saved)
    {
        if (time.GetUtcNow() - saved.UsedAt >= options.Expiry)
        {
            return null;
        }

        var path = KeptPath.Restore(saved, options, registry);
        foreach (var page in path.Pages())
        {
            registry.AcquireAll(page);
            templates.Learn(saved.Key, page, compare: false);
        }

        Keep(saved.Key, path);
        return path;
    }

    /// <summary>Returns a path by the key of its record, without using it.</summary>
    public (PageKey Key, LearnedPath Path)? Peek(UInt128 record) =>
        _records.TryGetValue(record, out var key) && _paths.TryGetValue(key, out var path) ? (key, path) : null;

    /// <summary>Returns a path without using it.</summary>
    public LearnedPath? Peek(PageKey key) => _paths.GetValueOrDefault(key);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var (key, _) in _paths)
        {
            _cache.Remove(key);
        }
    }

    /// <summary>Returns the path of a page. If it is not known, or if more headers tell its variants apart now, it starts anew.</summary>
    public LearnedPath FindOrStart(PageDescription page)
    {
        if (Find(page.Key) is { Retired: false } path && page.Vary.All(path.Vary.Contains))
        {
            return path;
        }

        _cache.Remove(page.Key);
        return new LearnedPath(page.Vary, options.MaxVariants, options.SharedBy, options.SharedByAddresses)
        {
            UsedAt = time.GetUtcNow().UtcTicks,
        };
    }

    /// <summary>Keeps a path that is new or has changed.</summary>
    public void Keep(PageKey key, LearnedPath path)
    {
        if (!_paths.TryGetValue(key, out var before) || before != path)
        {
            (_paths[key], _records[RecordKey.Of(key)]) = (path, key);
        }


        // The entry is set again even if it exists, because the cache does not notice that its size has changed.
        _cache.Set(key, path, new MemoryCacheEntryOptions { Size = key.Size + path.Size, SlidingExpiration = options.Expiry }
            .RegisterPostEvictionCallback(Evicted));
        Changed?.Invoke(key);
    }

    /// <summary>Notes that clients may be told more of a path than before. Whoever calls it holds the store's lock.</summary>
    public void NoteChanged(PageKey key) => Changed?.Invoke(key);

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
            if (_paths.TryRemove(new((PageKey)key, path)))
            {
                _records.TryRemove(RecordKey.Of((PageKey)key), out _);
            }

            var pages = path.Pages();
            templates.Forget((PageKey)key, pages);
            foreach (var page in pages)
            {
                registry.Release(page);
            }
        }
    }
}
