using PushProxy.Delivery;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Inspection;

/// <summary>
/// Looks over all known pages, for people who operate a proxy. As <see cref="KnownPages"/>, it leaves out everything that only one client's
/// pages have named.
/// </summary>
internal sealed class PageSurveyor(PageStore store, DeliveryPlans plans, KnownPages known)
{
    /// <summary>The maximum number of pages whose think time is shown.</summary>
    private const int MaxSlowest = 10;

    /// <summary>How often all pages were looked over.</summary>
    public int Passes { get; private set; }

    /// <summary>Looks over all pages, in one pass.</summary>
    /// <param name="max">The maximum number of pages of a list.</param>
    /// <param name="policyOf">Returns the policy of a route.</param>
    public PageSurvey Survey(int max, Func<string, DeliveryPolicy> policyOf)
    {
        Passes++;
        var saving = new Largest<RankedPath>(max, RankedPath.Compare);
        var wasting = new Largest<RankedPath>(max, RankedPath.Compare);
        var slowest = new Largest<RankedPath>(MaxSlowest, RankedPath.Compare);
        var times = new int[PageSurvey.ThinkTimeLimits.Count + 1];
        foreach (var (key, path) in store.Paths)
        {
            KnownPages.Offer(saving, path.Totals.SavedBytes, key, path);
            if (path.Totals.WastedBytes is > 0 and var wasted)
            {
                KnownPages.Offer(wasting, wasted, key, path);
            }

            if (path.Timing.ThinkTime is { } time)
            {
                KnownPages.Offer(slowest, time.Ticks, key, path);
                times[Class(time.TotalMilliseconds)]++;
            }
        }

        return new PageSurvey(
            store.Count, All(saving), All(wasting), [.. slowest.InOrder().Select(p => known.Describe(p.Key, p.Path))], times);

        IReadOnlyList<SurveyedPage> All(Largest<RankedPath> first) =>
            [.. first.InOrder().Select(p => Describe(p.Key, p.Path, policyOf(p.Key.Route)))];
    }

    private static int Class(double milliseconds)
    {
        var at = 0;
        while (at < PageSurvey.ThinkTimeLimits.Count && milliseconds >= PageSurvey.ThinkTimeLimits[at])
        {
            at++;
        }

        return at;
    }

    /// <summary>Finds the pages and resources that a text may mean.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="max">The maximum number of pages, of resources, and of pages of a resource.</param>
    /// <param name="policyOf">Returns the policy of a route.</param>
    public PageSearch Search(PageQuestion asked, int max, Func<string, DeliveryPolicy> policyOf)
    {
        Passes++;
        var pages = new Largest<RankedPath>(max, RankedPath.Compare);
        var named = new Dictionary<string, List<(PageKey Key, LearnedPath Path)>>(StringComparer.Ordinal);
        var count = 0;
        foreach (var (key, path) in store.Paths)
        {
            var all = path.Pages();
            if (all.Count > 0 && asked.Means(key))
            {
                count++;
                pages.Add(new RankedPath(path.Totals.SavedBytes + path.Totals.WastedBytes, key, path));
            }

            foreach (var url in all.SelectMany(p => Named(p, asked)).Distinct())
            {
                if (named.TryGetValue(url, out var those) || (named.Count < max && named.TryAdd(url, those = [])))
                {
                    those.Add((key, path));
                }
            }
        }

        return new PageSearch(
            count, [.. pages.InOrder().Select(p => Describe(p.Key, p.Path, policyOf(p.Key.Route)))],
            [.. named.Select(n => Found(n.Key, n.Value, max, policyOf))]);
    }

    private FoundResource Found(
        string url, List<(PageKey Key, LearnedPath Path)> naming, int max, Func<string, DeliveryPolicy> policyOf)
    {
        var pages = new List<(KnownPage, SurveyedResource)>();
        foreach (var (key, path) in naming.OrderByDescending(static p => p.Path.Totals.SavedBytes)
            .ThenBy(static p => p.Key.Path, StringComparer.Ordinal).Take(max))
        {
            var page = Describe(key, path, policyOf(key.Route));
            if (page.Resources.FirstOrDefault(r => r.Url == url) is { } resource)
            {
                pages.Add((page.Page, resource));
            }
        }

        // What the analysis left out everywhere has no answers that were looked at.
        var answers = pages.Exists(static p => p.Item2.Kind is not null) ? known.Resource(new Uri(url)) : null;
        return new FoundResource(url, answers, naming.Count, pages);
    }

    /// <summary>What a page names, as far as everybody may be told, of what was asked for. Most pages name none of it.</summary>
    private static IEnumerable<string> Named(LearnedPage page, PageQuestion asked)
    {
        for (var i = 0; i < page.Analysis.Resources.Count; i++)
        {
            if (page.Analysis.Resources[i].Url is var url && asked.Means(url) && page.IsTold(page.NameOf(i)))
            {
                yield return url.AbsoluteUri;
            }
        }

        if (page.Analysis.Skipped.Any(s => asked.Means(s.Url)))
        {
            foreach (var skipped in page.Told.Skipped.Where(s => asked.Means(s.Url)))
            {
                yield return skipped.Url;
            }
        }
    }

    private SurveyedPage Describe(PageKey key, LearnedPath path, DeliveryPolicy policy) => new(
        known.Describe(key, path),
        [
            .. path.Pages().SelectMany(p => plans.For(p, policy, isMember: false, originLinks: null).Resources)
                .GroupBy(static r => r.Url, StringComparer.Ordinal)

                // Variants may differ: what one of them is delivered with counts.
                .Select(static g => g.Select(static r => Describe(r)).MinBy(static r => r.Way)!),
        ]);

    private static SurveyedResource Describe(PlannedResource planned)
    {
        var (way, why) = planned switch
        {
            { Skip: ResourceSkip.TextDoesNotWait } => (SurveyedWay.Push, planned.Reason),
            { IsHintable: true } => (SurveyedWay.Early, planned.Skip == ResourceSkip.None ? null : planned.Reason),
            { IsLinkable: true } => (SurveyedWay.Link, planned switch
            {
                { WouldBeStale: true } => "stale",
                { VariesByCookie: true } => "varies",
                _ => PushSkip.DependsOnScreen.Name(),
            }),
            _ => (SurveyedWay.None, planned.Reason),
        };
        return new SurveyedResource(
            planned.Url, planned.Resource?.Kind.Name(), planned.Resource?.FoundBy.Name(), way, why);
    }
}
