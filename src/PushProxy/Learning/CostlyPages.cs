using Microsoft.Extensions.Caching.Memory;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Remembers pages whose analysis ran out of its budget. Such a page is used as far as it was understood, and is not analysed again before
/// it or a stylesheet of it changes, whatever its query string. If its bytes change with each response, its path has to wait for a pause.
/// Its memory is limited.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="registry">Tells whether a stylesheet has changed.</param>
/// <param name="time">The clock.</param>
internal sealed class CostlyPages(LearningOptions options, ResourceRegistry registry, TimeProvider time) : IDisposable
{
    /// <summary>The maximum number of paths with a pause. When it is reached, the oldest is removed.</summary>
    public const int MaxPaths = 1024;

    /// <summary>The pause is so many times as long as the analysis took. It doubles each time the analysis runs out again.</summary>
    private const int PauseFactor = 30;

    /// <summary>The part of the memory for learned pages that is used for what costly pages need.</summary>
    private const int MemoryShare = 8;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<PathKey, Pause> _pauses = [];
    private readonly MemoryCache _analyses = new(
        new MemoryCacheOptions { SizeLimit = options.CacheBytes / MemoryShare, Clock = new CacheClock(time) });

    /// <summary>Returns what was found in the same bytes at the same path, for the same audience; null if they did not run out.</summary>
    public PageAnalysis? Find(PageDescription page, UInt128 contentHash) =>
        _analyses.TryGetValue(new PageBytes(page.Key, page.Audience, contentHash), out LearnedPage? known) && !known!.IsOutdated(registry)
            ? known.Analysis : null;

    /// <summary>Returns whether other bytes at the page's path ran out such a short time ago that this page must wait.</summary>
    public bool MustWait(PageDescription page)
    {
        lock (_lock)
        {
            return _pauses.TryGetValue(PathKey.Of(page), out var pause) && time.GetUtcNow() < pause.Until;
        }
    }

    /// <summary>Notes an analysis.</summary>
    /// <param name="page">The page.</param>
    /// <param name="contentHash">The hash of its bytes.</param>
    /// <param name="analysis">What was found.</param>
    /// <param name="changes">The value of <see cref="ResourceRegistry.Changes"/> when the page was analysed.</param>
    /// <param name="took">How long the analysis took.</param>
    public void Note(PageDescription page, UInt128 contentHash, PageAnalysis analysis, int changes, TimeSpan took)
    {
        var key = PathKey.Of(page);
        if (!analysis.IsIncomplete)
        {
            lock (_lock)
            {
                _pauses.Remove(key);
            }

            return;
        }

        var known = new LearnedPage(analysis, changes: changes);
        _analyses.Set(
            new PageBytes(page.Key, page.Audience, contentHash),
            known,
            new MemoryCacheEntryOptions { Size = page.Key.Size + known.Size, SlidingExpiration = options.Expiry });
        lock (_lock)
        {
            var length = _pauses.TryGetValue(key, out var before) ? before.Length * 2 : took * PauseFactor;
            length = length > MaxPause ? MaxPause : length;
            _pauses.Remove(key);
            if (_pauses.Count >= MaxPaths)
            {
                _pauses.RemoveAt(0);
            }

            _pauses.Add(key, new(length, time.GetUtcNow() + length));
        }
    }

    public void Dispose() => _analyses.Dispose();

    private readonly record struct PageBytes(PageKey Key, Audience Audience, UInt128 ContentHash);

    /// <summary>A path with all its query strings, or without any: who invents query strings can't make the page itself wait.</summary>
    private readonly record struct PathKey(PageKey Key, Audience Audience, bool HasQuery)
    {
        public static PathKey Of(PageDescription page) => new(page.Key, page.Audience, page.Query.Length > 0);
    }

    private readonly record struct Pause(TimeSpan Length, DateTimeOffset Until);
}
