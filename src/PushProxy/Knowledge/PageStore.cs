using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>All learned pages, in a memory cache bounded in bytes; a page nobody asks for expires.</summary>
internal sealed class PageStore : IDisposable
{
    private readonly LearningOptions _options;
    private readonly ResourceRegistry _registry;
    private readonly TemplateStore _templates;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;
    private readonly Lock _learning = new();

    /// <summary>The same for whoever wants to see all of them: to look one up in the cache would keep it there.</summary>
    private readonly ConcurrentDictionary<PageKey, LearnedPath> _paths = new();

    public PageStore(LearningOptions options, ResourceRegistry registry, TimeProvider time)
    {
        _options = options;
        _registry = registry;
        _templates = new TemplateStore(options, registry);
        _time = time;
        _cache = new MemoryCache(new MemoryCacheOptions
        {
            SizeLimit = options.CacheBytes,
            ExpirationScanFrequency = TimeSpan.FromMinutes(1),
            TrackStatistics = true,
            Clock = new CacheClock(time),
        });
    }

    public long Count => _cache.Count;

    /// <summary>Estimated, in bytes; never above <see cref="LearningOptions.CacheBytes"/>.</summary>
    public long Size => _cache.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    /// <summary>All paths of which something is known, in no order.</summary>
    public IEnumerable<KeyValuePair<PageKey, LearnedPath>> Paths => _paths;

    /// <summary>What is known of a page that is asked for.</summary>
    /// <param name="key">Which page.</param>
    /// <param name="query">The query string of the request.</param>
    /// <param name="request">The header fields of the request.</param>
    /// <param name="isMember">Whether the request carries cookies or authorization (<see cref="Audience.Members"/>).</param>
    /// <param name="isPage">
    /// Whether the client says that it is a page: only then what its neighbours need is expected of one never seen.
    /// </param>
    public PageKnowledge Find(PageKey key, string query, IHeaderDictionary request, bool isMember = false, bool isPage = false)
    {
        if (!_cache.TryGetValue(key, out LearnedPath? path) || path is null)
        {
            return isPage && _templates.Find(key) is { } expected
                ? new PageKnowledge(null, null, expected, PageSource.Template, true) : default;
        }

        var variant = VariantKey.Of(query, request, path.Vary);
        if (isMember)
        {
            if (path.FindShared(Audience.Members, variant, out var isPartial) is { } shared)
            {
                return new PageKnowledge(path, null, shared, PageSource.SharedByClients, isPartial);
            }

            // Nothing may be told of members' pages yet: theirs may be as everyone's.
            var (everyones, agreed) = path.Find(variant);
            return new PageKnowledge(path, everyones, agreed, everyones is null
                ? PageSource.SharedPath : PageSource.Learned, IsPartial: true);
        }

        var (exact, page) = path.Find(variant);
        if (page is not null)
        {
            return new PageKnowledge(path, exact, page, exact is null ? PageSource.SharedPath : PageSource.Learned, IsPartial: false);
        }

        var newcomers = path.FindShared(Audience.Newcomers, variant, out var partial);
        return new PageKnowledge(path, null, newcomers, newcomers is null ? PageSource.None : PageSource.SharedByClients, partial);
    }

    /// <summary>Whether this version is known already, so that analysing it again would find nothing new.</summary>
    public bool Knows(PageKey key, UInt128 variantKey, UInt128 contentHash) =>
        _cache.TryGetValue(key, out LearnedPath? path) && path!.Find(variantKey).Exact is { } exact && exact.Knows(contentHash)
            && !exact.Page.IsOutdated(_registry);

    /// <summary>Takes a page that everyone gets alike into account.</summary>
    /// <param name="description">Which page, in which version.</param>
    /// <param name="contentHash">The hash of its bytes.</param>
    /// <param name="analysis">What it needs.</param>
    /// <param name="security">Its Content-Security-Policy; null when it has none.</param>
    /// <param name="changes"><see cref="ResourceRegistry.Changes"/> when it was analysed.</param>
    public LearnOutcome Learn(
        PageDescription description, UInt128 contentHash, PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0)
    {
        var page = new LearnedPage(analysis, security, changes);
        lock (_learning)
        {
            var path = Path(description);
            Acquire(page);
            var gone = path.Learn(
                new Variant(description.VariantKey, new PageVersion(contentHash, description.Validator), page), _time.GetUtcNow(),
                _options.MaxRelearnPause, out var outcome);
            page.Traffic ??= new PageTraffic(analysis, _options);
            foreach (var old in gone)
            {
                Release(old);
            }

            Keep(description.Key, path);
            _templates.Learn(description.Key, page);
            return outcome;
        }
    }

    /// <summary>Takes one client's page into account.</summary>
    /// <param name="description">Which page, for whom.</param>
    /// <param name="analysis">What it needs.</param>
    /// <param name="security">Its Content-Security-Policy; null when it has none.</param>
    public LearnOutcome LearnShared(PageDescription description, PageAnalysis analysis, ContentSecurityPolicy? security)
    {
        lock (_learning)
        {
            var path = Path(description);
            var (before, now) = path.LearnShared(
                description, new LearnedPage(analysis, security), _time.GetUtcNow(), _options.MaxRelearnPause, out var outcome);
            if (now != before)
            {
                Acquire(now);
                Release(before);
                if (now is not null)
                {
                    _templates.Learn(description.Key, now);
                }
            }

            Keep(description.Key, path);
            return outcome;
        }
    }

    /// <summary>What is counted of a page's traffic has changed: tells from now on what it says.</summary>
    /// <returns>The new verdict; null when the page is gone.</returns>
    public TrafficVerdict? Apply(PageKey key, LearnedPath path, PageTraffic traffic)
    {
        lock (_learning)
        {
            if (path.Retired || traffic.IsRetired || !_cache.TryGetValue(key, out LearnedPath? current) || current != path)
            {
                return null;
            }

            // Known before it is named, or a plan would be made of what nothing is known of.
            var before = traffic.Verdict;
            var now = traffic.Judge();
            foreach (var resource in now.Joined)
            {
                _registry.Acquire(resource.Url);
            }

            traffic.Publish(now);
            foreach (var resource in before.Joined)
            {
                _registry.Release(resource.Url);
            }

            Keep(key, path);
            return now;
        }
    }

    /// <summary>What the first response of a page cost; later ones are told to <see cref="LearnedPath.Timing"/> as they pass.</summary>
    public void Observe(PageKey key, TimeSpan thinkTime, long? bytes)
    {
        if (_cache.TryGetValue(key, out LearnedPath? path) && path!.Timing.ThinkTime is null)
        {
            path.Timing.Observe(thinkTime, bytes);
        }
    }

    /// <summary>The origin no longer answers with this page: what was learned of it is gone.</summary>
    public void Forget(PageKey key, LearnedPath path, UInt128 variantKey)
    {
        lock (_learning)
        {
            if (!path.Retired && path.Forget(variantKey) is { } gone)
            {
                Release(gone);
                Keep(key, path);
            }
        }
    }

    // One whose variants are told apart by other headers now is a new one.
    private LearnedPath Path(PageDescription page)
    {
        if (_cache.TryGetValue(page.Key, out LearnedPath? path) && !path!.Retired
            && path.Vary.SequenceEqual(page.Vary, StringComparer.Ordinal))
        {
            return path;
        }

        _cache.Remove(page.Key);
        return new LearnedPath(page.Vary, _options.MaxVariants, _options.SharedBy);
    }

    // Set anew even when it is there: its size has changed, and a cache counts what it was told.
    private void Keep(PageKey key, LearnedPath path)
    {
        _paths[key] = path;
        _cache.Set(key, path, new MemoryCacheEntryOptions { Size = key.Size + path.Size, SlidingExpiration = _options.Expiry }
            .RegisterPostEvictionCallback(Evicted));
    }

    private void Acquire(LearnedPage? page)
    {
        foreach (var resource in page?.Analysis.Resources ?? [])
        {
            _registry.Acquire(resource.Url);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _templates.Dispose();
    }

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
            _paths.TryRemove(new((PageKey)key, path));
            foreach (var page in path.Pages())
            {
                Release(page);
            }
        }
    }

    private void Release(LearnedPage? page)
    {
        foreach (var resource in page?.Analysis.Resources ?? [])
        {
            _registry.Release(resource.Url);
        }

        if (page?.Traffic is { } traffic)
        {
            traffic.IsRetired = true;
            foreach (var resource in traffic.Verdict.Joined)
            {
                _registry.Release(resource.Url);
            }
        }
    }
}
