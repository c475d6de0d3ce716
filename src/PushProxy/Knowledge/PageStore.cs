using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Sharing;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Holds all learned pages, in a memory cache with a limit in bytes. A page that nobody requests expires.</summary>
internal sealed class PageStore : IDisposable
{
    /// <summary>The maximum number of pages remembered that the site refuses to strangers.</summary>
    private const int MaxRefused = 1024;

    private readonly LearningOptions _options;
    private readonly ResourceRegistry _registry;
    private readonly TemplateStore _templates;
    private readonly TimeProvider _time;
    private readonly KeptRecords? _kept;
    private readonly PathCache _cache;
    private readonly PageFinder _finder;
    private readonly Lock _learning = new();
    private readonly RecentSet<PageKey> _refused = new(MaxRefused);
    private readonly RecentlyPurged _purged = new();

    public PageStore(LearningOptions options, ResourceRegistry registry, TimeProvider time, KeptRecords? kept = null)
    {
        (_options, _kept) = (options, kept);
        _registry = registry;
        _templates = new TemplateStore(options, registry);
        _time = time;
        _cache = new PathCache(options, registry, time, _templates, _learning, kept);
        _finder = new PageFinder(_cache, _templates);
        Counts = new NameCounts(options, registry, _templates, _cache, _learning);
        Elsewhere = new PathMerge(options, registry, time, _templates, _cache, Counts, _purged, _learning);
    }

    /// <summary>What other instances know.</summary>
    public PathMerge Elsewhere { get; }

    /// <summary>Called when a path is new or has changed.</summary>
    public event Action<PageKey>? Changed
    {
        add => _cache.Changed += value;
        remove => _cache.Changed -= value;
    }

    /// <summary>Returns a path without using it; null if it is not known.</summary>
    public LearnedPath? Peek(PageKey key) => _cache.Peek(key);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _cache.Clear();

    /// <summary>Who was sent what the pages say.</summary>
    public NameCounts Counts { get; }

    public long Count => _cache.Count;

    /// <inheritdoc cref="PathCache.Lookups"/>
    public long Lookups => _cache.Lookups;

    /// <summary>The estimated memory in bytes, never above <see cref="LearningOptions.CacheBytes"/>.</summary>
    public long Size => _cache.Size;

    /// <summary>All known paths, in no order.</summary>
    public IEnumerable<KeyValuePair<PageKey, LearnedPath>> Paths => _cache.Paths;

    /// <inheritdoc cref="PageFinder.Find"/>
    public PageKnowledge Find(PageKey key, string query, IHeaderDictionary request, bool isMember = false, bool isPage = false) =>
        _finder.Find(key, query, request, isMember, isPage);

    /// <summary>
    /// Returns whether this version is known, so that another analysis would find nothing new. Then its client counts as one that received
    /// it.
    /// </summary>
    /// <param name="description">The page and the client that received it.</param>
    /// <param name="contentHash">The hash of the page's bytes.</param>
    public bool Recognises(PageDescription description, UInt128 contentHash)
    {
        if (_cache.Find(description.Key)?.Find(description.VariantKey).Exact is not { } exact
            || !exact.Knows(contentHash) || exact.Page.IsUnread || exact.Page.IsOutdated(_registry))
        {
            return false;
        }

        Counts.Received(description, exact.Page);
        Counts.NamedAgain(description.Key, exact.Page);
        return true;
    }

    /// <summary>
    /// Returns whether the page that a client with Authorization received shows that the site knows the client: it is not what everyone
    /// gets, or without Authorization the site refused it.
    /// </summary>
    /// <param name="description">The page and the client.</param>
    /// <param name="contentHash">The hash of the page's bytes.</param>
    public bool DiffersFromEveryones(PageDescription description, UInt128 contentHash) =>
        _cache.Find(description.Key)?.Find(description.VariantKey).Exact is { } exact
            ? !exact.Knows(contentHash) : _refused.Contains(description.Key);

    /// <summary>Notes that the site refused a page to a client without cookies and authorization (401 or 403).</summary>
    public void Refused(PageKey key) => _refused.Add(key);

    /// <summary>Returns whether a variant was learned, and by an analysis that did not end early.</summary>
    public bool IsWholeVariant(PageKey key, UInt128 variantKey) =>
        _cache.Find(key)?.Find(variantKey).Exact is { Page.Analysis.IsIncomplete: false };

    /// <summary>
    /// Returns whether each of the last answers for a variant named something new. Then what is new is not fetched to be read: the next
    /// answer will not name it.
    /// </summary>
    public bool KeepsChanging(PageKey key, UInt128 variantKey) =>
        _cache.Find(key)?.Find(variantKey).Exact is { Page.Steadiness.KeepsChanging: true };

    /// <summary>Learns a page that everyone gets alike.</summary>
    /// <param name="description">The page and its version.</param>
    /// <param name="contentHash">The hash of the page's bytes.</param>
    /// <param name="analysis">What the page needs.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    /// <param name="changes">The value of <see cref="ResourceRegistry.Changes"/> when the page was analysed.</param>
    /// <param name="isUnread">Whether something was not read because the page keeps changing (<see cref="KeepsChanging"/>).</param>
    /// <returns>What came of it; null if the page was purged since it was requested.</returns>
    public LearnOutcome? Learn(
        PageDescription description, UInt128 contentHash, PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0,
        bool isUnread = false)
    {
        var page = new LearnedPage(analysis, security, changes) { IsUnread = isUnread };
        page.TaughtBy.Add(description.Address.Host);
        lock (_learning)
        {
            if (_purged.HaveHit(description.Key, description.RequestedAt))
            {
                return null;
            }

            var path = _cache.FindOrStart(description);
            _registry.Acquire(page);
            path.Compare(description.VariantKey, page);
            Counts.Begin(description, path, page);
            var gone = path.Learn(
                new Variant(description.VariantKey, new PageVersion(contentHash, description.Validator), page)
                {
                    LearnedAt = _time.GetUtcNow(),
                }, _time.GetUtcNow(),
                _options.MaxRelearnPause, out var outcome);
            page.Traffic ??= new PageTraffic(analysis, _options);
            foreach (var old in gone)
            {
                _registry.Release(old);
            }

            _cache.Keep(description.Key, path);
            _templates.Learn(description.Key, page);
            Counts.See(description, page);
            return outcome;
        }
    }

    /// <summary>Takes over a path that was kept, if nobody has asked for it yet.</summary>
    /// <param name="record">The key of its record.</param>
    public void Restore(UInt128 record)
    {
        lock (_learning)
        {
            _cache.Restore(record);
        }
    }

    /// <summary>Notes that clients were told names in advance that their page then did not name.</summary>
    public void NoteWrong(PageKey key, int names) => _cache.Find(key)?.Totals.Wrong(names);

    /// <summary>Learns from a page that one client received.</summary>
    /// <param name="description">The page and the client.</param>
    /// <param name="analysis">What the page needs.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    /// <returns>What came of it; null if the page was purged since it was requested.</returns>
    public LearnOutcome? LearnShared(PageDescription description, PageAnalysis analysis, ContentSecurityPolicy? security)
    {
        lock (_learning)
        {
            if (_purged.HaveHit(description.Key, description.RequestedAt))
            {
                return null;
            }

            var path = _cache.FindOrStart(description);
            var page = new LearnedPage(analysis, security);
            var (before, now) = path.LearnShared(description, page, _time.GetUtcNow(), _options.MaxRelearnPause, out var outcome);
            if (now != before)
            {
                _registry.Acquire(now);
                _registry.Release(before);
                if (now is not null)
                {
                    _templates.Learn(description.Key, now);
                    Counts.Tell(now);
                }
            }

            _cache.Keep(description.Key, path);
            Counts.See(description, page);
            return outcome;
        }
    }

    /// <summary>Applies a page's traffic after its counts have changed.</summary>
    /// <returns>The new verdict; null if the page is no longer kept.</returns>
    public TrafficVerdict? Apply(PageKey key, LearnedPath path, PageTraffic traffic)
    {
        lock (_learning)
        {
            if (path.Retired || traffic.IsRetired || _cache.Find(key) != path)
            {
                return null;
            }

            // The resources must be registered before the verdict names them. Otherwise a plan would contain resources without a state.
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

            _cache.Keep(key, path);
            return now;
        }
    }

    /// <summary>
    /// Notes the think time and length of a page's first response. Later responses go directly to <see cref="LearnedPath.Timing"/>.
    /// </summary>
    public void Observe(PageKey key, TimeSpan thinkTime, long? bytes)
    {
        if (_cache.Find(key) is { Timing.ThinkTime: null } path)
        {
            path.Timing.Observe(thinkTime, bytes);
        }
    }

    /// <summary>Forgets what was learned about a page that the origin no longer serves, once enough connections were told so.</summary>
    public void Forget(PageKey key, LearnedPath path, UInt128 variantKey, ulong connection)
    {
        lock (_learning)
        {
            if (!path.Retired && path.Forget(variantKey, connection, _options.NamedBy) is { } gone)
            {
                _registry.Release(gone);
                _cache.Keep(key, path);
            }
        }
    }

    /// <summary>
    /// Forgets the pages that were purged: of one URL the page with that query string, unless request headers tell its variants apart; then
    /// all pages of that path. Nothing is told of them in advance until they were seen again, not even what pages around them share.
    /// </summary>
    public void Forget(PurgedUrls purged)
    {
        lock (_learning)
        {
            _purged.Add(purged.Lasting, _time.GetTimestamp());
            _kept?.Forget(purged);
            var gone = new List<(PageKey, IReadOnlyList<LearnedPage>)>();
            foreach (var (key, path) in _cache.Paths)
            {
                if (!path.Retired && purged.Have(key, path.Vary, out var variants))
                {
                    gone.Add((key, path.Purge(variants)));
                    _cache.Keep(key, path);
                }
            }

            _templates.Forget(gone);
            foreach (var page in gone.SelectMany(static g => g.Item2))
            {
                _registry.Release(page);
            }
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _templates.Dispose();
    }
}
