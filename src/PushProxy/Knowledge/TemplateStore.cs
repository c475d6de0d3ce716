using Microsoft.Extensions.Caching.Memory;
using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Holds what the pages of a folder, and of a route, have in common. A new page among them is expected to need the same. A route answers
/// only with what pages of different folders name, because a folder's name may be a secret, and then what is in it is one too. Only pages
/// that everybody may know get here, and what only one client was sent is expected of no other page. Guarded by the page store's lock for
/// writing.
/// </summary>
internal sealed class TemplateStore(LearningOptions options, ResourceRegistry registry) : IDisposable
{
    /// <summary>
    /// The maximum number of folders and routes remembered. When it is reached, those unused for the longest time are removed.
    /// </summary>
    private const int MaxTemplates = 1024;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxTemplates });

    /// <summary>
    /// Returns what a page is expected to need, judged by its neighbours; null if too few neighbours are known or they share nothing.
    /// </summary>
    public LearnedPage? Find(PageKey key) =>
        MayBeAPage(key.Path) ? Common(Folder(key)) ?? Common(Route(key)) : null;

    /// <summary>Takes over a page that was learned or learned again.</summary>
    /// <param name="key">The page.</param>
    /// <param name="page">What is known of it.</param>
    /// <param name="compare">
    /// Whether to find out at once what the pages share now. If not, that is done when somebody asks: many pages may come at once.
    /// </param>
    public void Learn(PageKey key, LearnedPage page, bool compare = true)
    {
        foreach (var (at, folders) in new[] { (Folder(key), 1), (Route(key), 2) })
        {
            if (!_cache.TryGetValue(at, out Template? template) || template is null)
            {
                template = new Template(options, registry, folders);
                _cache.Set(at, template, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = options.Expiry }
                    .RegisterPostEvictionCallback(static (_, value, _, _) => ((Template)value!).Retire()));
            }

            template.Learn(key.Path, page, compare);
        }
    }

    /// <summary>Forgets a page that is no longer kept, so that the limit on pages holds for those compared here, too.</summary>
    public void Forget(PageKey key, IReadOnlyList<LearnedPage> pages)
    {
        foreach (var at in new[] { Folder(key), Route(key) })
        {
            if (_cache.TryGetValue(at, out Template? template))
            {
                template!.Forget(key.Path, pages);
            }
        }
    }

    /// <summary>Forgets pages that were purged. Less is expected of the pages around them at once.</summary>
    public void Forget(IReadOnlyList<(PageKey Key, IReadOnlyList<LearnedPage> Pages)> purged)
    {
        foreach (var (key, pages) in purged)
        {
            Forget(key, pages);
        }

        foreach (var at in purged.SelectMany(static p => new[] { Folder(p.Key), Route(p.Key) }).Distinct())
        {
            if (_cache.TryGetValue(at, out Template? template))
            {
                template!.Compare();
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private LearnedPage? Common(PageKey at) => _cache.TryGetValue(at, out Template? template) ? template!.Common : null;

    private static PageKey Folder(PageKey key) => key with { Path = FolderOf(key.Path) };

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    // The path of a folder is never empty, so an empty path cannot collide with one.
    private static PageKey Route(PageKey key) => key with { Path = "" };

    /// <summary>
    /// Returns whether the path may be a page's. Browsers also navigate to downloads and images, so a path with another file extension is
    /// not expected to be a page.
    /// </summary>
    private static bool MayBeAPage(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        var dot = name.LastIndexOf('.');
        return dot < 0 || name.Length - dot > 6
            || name[(dot + 1)..].StartsWith("htm", StringComparison.OrdinalIgnoreCase)
            || name[(dot + 1)..] is "php" or "asp" or "aspx" or "jsp" or "jspx" or "do" or "action" or "cfm" or "cgi" or "pl" or "xhtml"
                or "shtml" or "php5";
    }

    /// <summary>The newest pages of one folder or route, and what they share.</summary>
    /// <param name="options">Says how many pages must agree.</param>
    /// <param name="registry">Keeps the state of the shared resources.</param>
    /// <param name="minFolders">How many different folders the pages that name a resource must come from.</param>
    private sealed class Template(LearningOptions options, ResourceRegistry registry, int minFolders)
    {
        /// <summary>The maximum number of pages compared. When it is reached, the oldest is removed.</summary>
        private const int MaxPages = 16;

        /// <summary>What a sum of fractions may be off, in percent.</summary>
        private const double Rounding = 1e-6;

        private readonly Lock _lock = new();
        private readonly List<(string Path, LearnedPage Page)> _pages = [];
        private readonly Surprises _guesses = new();
        private volatile LearnedPage? _common;
        private volatile bool _mustCompare;
        private bool _retired;

        /// <summary>What the pages share; null if they share nothing.</summary>
        public LearnedPage? Common
        {
            get
            {
                if (_mustCompare)
                {
                    Compare();
                }

                return _common;
            }
        }

        public void Learn(string path, LearnedPage page, bool compare)
        {
            lock (_lock)
            {
                if (_retired)
                {
                    return;
                }

                _pages.RemoveAll(p => p.Path == path);
                if (_pages.Count >= Math.Max(MaxPages, options.TemplatePages))
                {
                    _pages.RemoveAt(FairShare.MakesRoom(_pages.ConvertAll(static p => p.Page.TaughtBy.Only), page.TaughtBy.Only));
                }

                _pages.Add((path, page));
                _mustCompare = true;
                if (compare)
                {
                    Compare();
                }
            }
        }

        /// <summary>Finds out what the pages share now.</summary>
        public void Compare()
        {
            lock (_lock)
            {
                _mustCompare = false;
                if (_pages.Count < options.TemplatePages)
                {
                    Replace([], null);
                    return;
                }

                // The newest of the pages that name most of what is shared: one address cannot take it away with a page of its own.
                var lone = _pages.Where(static p => p.Page.TaughtBy.Only is not null)
                    .GroupBy(static p => p.Page.TaughtBy.Only).ToDictionary(static g => g.Key!.Value, static g => g.Count());
                var verdicts = new Dictionary<UInt128, bool>();
                Replace(
                    Enumerable.Reverse(_pages).Select(p => Shared(p.Page, lone, verdicts)).MaxBy(static shared => shared.Count)!,
                    Policy(lone));
            }
        }

        /// <summary>Forgets a page that is no longer kept. What is expected changes with the next page.</summary>
        public void Forget(string path, IReadOnlyList<LearnedPage> pages)
        {
            lock (_lock)
            {
                _pages.RemoveAll(p => p.Path == path && pages.Contains(p.Page));
            }
        }

        public void Retire()
        {
            lock (_lock)
            {
                _retired = true;
                _pages.Clear();
                Replace([], null);
            }
        }

        private List<CriticalResource> Shared(LearnedPage page, Dictionary<ulong, int> lone, Dictionary<UInt128, bool> verdicts)
        {
            var shared = new List<CriticalResource>();
            for (var i = 0; i < page.Analysis.Resources.Count; i++)
            {
                var name = page.NameOf(i);
                if (!verdicts.TryGetValue(name, out var isShared))
                {
                    verdicts.Add(name, isShared = IsShared(name, lone));
                }

                if (isShared)
                {
                    shared.Add(page.Analysis.Resources[i]);
                }
            }

            return shared;
        }

        private bool IsShared(UInt128 name, Dictionary<ulong, int> lone)
        {
            // A page on which it comes and goes speaks against it.
            var naming = _pages.FindAll(p => p.Page.Says(name) && p.Page.Steadiness?.IsUnsteady(name) != true);
            var against = _pages.Except(naming).ToList();

            // One address speaks neither for a name nor against it.
            var ignored = options.SharedByAddresses <= 1 ? 0
                : against.Where(static p => p.Page.TaughtBy.Only is not null).GroupBy(static p => p.Page.TaughtBy.Only)
                    .Select(g => Weight([.. g], lone)).DefaultIfEmpty().Max();
            var (weight, all) = (Weight(naming, lone), Weight(naming, lone) + Weight(against, lone) - ignored);
            return 100 * weight >= (options.TemplateAgreementPercent * all) - Rounding
                && IsSentToEnough(naming, p => p.IsTold(name), p => p.WitnessesOf(name))
                && AddressSet.Reach(naming.Select(static p => p.Page.TaughtBy), options.SharedByAddresses)
                && (minFolders == 1
                    || naming.Select(static p => FolderOf(p.Path)).Distinct(StringComparer.Ordinal).Take(minFolders).Count() == minFolders);
        }

        // All pages that only one address received count as one together. One client may have made them up.
        private static double Weight(List<(string Path, LearnedPage Page)> pages, Dictionary<ulong, int> lone) =>
            pages.Sum(p => p.Page.TaughtBy.Only is { } only ? 1.0 / lone[only] : 1);

        // The policy that most of the pages have. It decides at once, and is told if enough connections were sent it, with whichever page.
        private ContentSecurityPolicy? Policy(Dictionary<ulong, int> lone)
        {
            var most = Enumerable.Reverse(_pages).GroupBy(static p => NameKey.Of(p.Page.Security))
                .Select(static g => g.ToList()).MaxBy(g => Weight(g, lone))!;
            return most[0].Page.Security?.With(
                IsSentToEnough(most, static p => p.Security is not { MayBeTold: false }, static p => p.PolicyWitnesses));
        }

        // One visitor may have been the only one on all of these pages.
        private bool IsSentToEnough(
            List<(string Path, LearnedPage Page)> pages, Func<LearnedPage, bool> isTold, Func<LearnedPage, NameWitnesses?> witnesses) =>
            pages.Exists(p => isTold(p.Page))
            || pages.SelectMany(p => witnesses(p.Page)?.Connections ?? []).Distinct().Take(options.NamedBy).Count() == options.NamedBy;

        // New resources are acquired before old ones are released, so that the state of resources in both lists is kept.
        private void Replace(List<CriticalResource> resources, ContentSecurityPolicy? policy)
        {
            var before = _common;
            var referrerPolicy = _pages.Count == 0 ? null : _pages[^1].Page.Analysis.ReferrerPolicy;
            if (before is not null && before.Analysis.Resources.SequenceEqual(resources)
                && before.Analysis.ReferrerPolicy == referrerPolicy)
            {
                before.Share(policy);
                return;
            }

            resources.ForEach(r => registry.Acquire(r.Url));
            _common = resources.Count == 0 ? null : new LearnedPage(
                new PageAnalysis(resources, []) { ReferrerPolicy = referrerPolicy }, policy)
            {
                Guesses = _guesses,
            };
            foreach (var resource in before?.Analysis.Resources ?? [])
            {
                registry.Release(resource.Url);
            }
        }
    }
}
