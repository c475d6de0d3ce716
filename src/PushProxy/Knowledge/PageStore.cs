using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
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
    private readonly PathCache _cache;
    private readonly Lock _learning = new();
    private readonly RecentSet<PageKey> _refused = new(MaxRefused);

    public PageStore(LearningOptions options, ResourceRegistry registry, TimeProvider time)
    {
        _options = options;
        _registry = registry;
        _templates = new TemplateStore(options, registry);
        _time = time;
        _cache = new PathCache(options, registry, time, _templates, _learning);
    }

    /// <summary>Called under the store's lock when clients may be told of more of a page than before.</summary>
    public event Action<LearnedPage>? Told;

    public long Count => _cache.Count;

    /// <summary>The estimated memory in bytes, never above <see cref="LearningOptions.CacheBytes"/>.</summary>
    public long Size => _cache.Size;

    /// <summary>All known paths, in no order.</summary>
    public IEnumerable<KeyValuePair<PageKey, LearnedPath>> Paths => _cache.Paths;

    /// <summary>Returns what is known about a requested page.</summary>
    /// <param name="key">The page.</param>
    /// <param name="query">The query string of the request.</param>
    /// <param name="request">The header fields of the request.</param>
    /// <param name="isMember">Whether the request carries cookies or authorization (<see cref="Audience.Members"/>).</param>
    /// <param name="isPage">
    /// Whether the client says that it requests a page. Only then is a page that was never seen expected to need what its neighbours need.
    /// </param>
    public PageKnowledge Find(PageKey key, string query, IHeaderDictionary request, bool isMember = false, bool isPage = false)
    {
        if (_cache.Find(key) is not { } path)
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

            // Nothing may be disclosed about members' pages yet. A member may get the same page as everyone.
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

    /// <summary>
    /// Returns whether this version is known, so that another analysis would find nothing new. Then its client counts as one that received
    /// it.
    /// </summary>
    /// <param name="description">The page and the client that received it.</param>
    /// <param name="contentHash">The hash of the page's bytes.</param>
    public bool Recognises(PageDescription description, UInt128 contentHash)
    {
        if (_cache.Find(description.Key)?.Find(description.VariantKey).Exact is not { } exact
            || !exact.Knows(contentHash) || exact.Page.IsOutdated(_registry))
        {
            return false;
        }

        Received(description, exact.Page);
        return true;
    }

    /// <summary>Returns whether it would count that a client received a known page: for its names, or for other pages.</summary>
    public bool WouldCount(PageDescription description, LearnedPage page) =>
        !page.IsNamedBy(description.Connection)
        || (page.TaughtBy.Count < _options.SharedByAddresses && page.TaughtBy.Lacks(description.Address.Host));

    /// <summary>
    /// Notes that a client received a known page, or one that certainly says the same. Only its bytes show that: an origin may send
    /// different pages with the same validator. More of the page may be told from now on. If the page is now one of several addresses, it
    /// may speak for other pages.
    /// </summary>
    /// <param name="description">The page and the client that received it.</param>
    /// <param name="page">The known page.</param>
    /// <param name="wholly">Whether all bytes were the same, and not only what delivery names.</param>
    public void Received(PageDescription description, LearnedPage page, bool wholly = true)
    {
        var speaks = page.TaughtBy.Add(description.Address.Host) && page.TaughtBy.Count == _options.SharedByAddresses;
        if (!speaks && page.IsNamedBy(description.Connection))
        {
            return;
        }

        lock (_learning)
        {
            if (page.NameBy(description.Connection, wholly))
            {
                _registry.PlansChanged();
                Told?.Invoke(page);
                speaks = true;
            }

            if (speaks)
            {
                Speaks(description.Key, page);
            }
        }
    }

    /// <summary>
    /// Notes the policy of a response with a known page. Once enough connections were sent it, it is the page's policy and may be told, for
    /// pages around this one as well.
    /// </summary>
    /// <param name="key">The page.</param>
    /// <param name="page">What is known of it.</param>
    /// <param name="policy">The response's Content-Security-Policy fields.</param>
    /// <param name="connection">The connection that was sent it.</param>
    /// <returns>Whether the page's policy is the response's.</returns>
    public bool NotePolicy(PageKey key, LearnedPage page, StringValues policy, ulong connection)
    {
        var isSame = page.Update(policy, connection, out var isTold);
        if (isTold)
        {
            lock (_learning)
            {
                Speaks(key, page);
            }
        }

        return isSame;
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

    /// <summary>Learns a page that everyone gets alike.</summary>
    /// <param name="description">The page and its version.</param>
    /// <param name="contentHash">The hash of the page's bytes.</param>
    /// <param name="analysis">What the page needs.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    /// <param name="changes">The value of <see cref="ResourceRegistry.Changes"/> when the page was analysed.</param>
    public LearnOutcome Learn(
        PageDescription description, UInt128 contentHash, PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0)
    {
        var page = new LearnedPage(analysis, security, changes);
        page.TaughtBy.Add(description.Address.Host);
        lock (_learning)
        {
            var path = _cache.FindOrStart(description);
            _registry.Acquire(page);
            CountNames(description, path, page);
            var gone = path.Learn(
                new Variant(description.VariantKey, new PageVersion(contentHash, description.Validator), page), _time.GetUtcNow(),
                _options.MaxRelearnPause, out var outcome);
            page.Traffic ??= new PageTraffic(analysis, _options);
            foreach (var old in gone)
            {
                _registry.Release(old);
            }

            _cache.Keep(description.Key, path);
            _templates.Learn(description.Key, page);
            return outcome;
        }
    }

    // The same name in another variant of the path, or in an older version, is the same name. What the pages around this one share is
    // everybody's already.
    private void CountNames(PageDescription description, LearnedPath path, LearnedPage page)
    {
        var around = _templates.Find(description.Key);
        var isNew = page.CountNames(
            name => Witnesses(path.WitnessesOf(name, _options.NamedBy), around?.Says(name) == true),
            policy => Witnesses(
                path.WitnessesOf(policy, _options.NamedBy), around?.Security is { MayBeTold: true } told && NameKey.Of(told) == policy),
            description.Connection);
        if (isNew)
        {
            _registry.PlansChanged();
        }

        Told?.Invoke(page);
    }

    private void Speaks(PageKey key, LearnedPage page)
    {
        if (_cache.Find(key) is { Retired: false } path && path.Pages().Contains(page))
        {
            _templates.Learn(key, page);
        }
    }

    private static NameWitnesses Witnesses(NameWitnesses witnesses, bool areAround)
    {
        if (areAround)
        {
            witnesses.Tell();
        }

        return witnesses;
    }

    /// <summary>Learns from a page that one client received.</summary>
    /// <param name="description">The page and the client.</param>
    /// <param name="analysis">What the page needs.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    public LearnOutcome LearnShared(PageDescription description, PageAnalysis analysis, ContentSecurityPolicy? security)
    {
        lock (_learning)
        {
            var path = _cache.FindOrStart(description);
            var (before, now) = path.LearnShared(
                description, new LearnedPage(analysis, security), _time.GetUtcNow(), _options.MaxRelearnPause, out var outcome);
            if (now != before)
            {
                _registry.Acquire(now);
                _registry.Release(before);
                if (now is not null)
                {
                    _templates.Learn(description.Key, now);
                    Told?.Invoke(now);
                }
            }

            _cache.Keep(description.Key, path);
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

    public void Dispose()
    {
        _cache.Dispose();
        _templates.Dispose();
    }
}
