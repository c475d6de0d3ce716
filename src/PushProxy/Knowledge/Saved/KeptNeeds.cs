using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>Says what is kept of a learned page, and makes a learned page of it again.</summary>
internal static class KeptNeeds
{
    /// <summary>
    /// Returns what is kept of a page: what everybody may be told; null if it has a policy that too few connections were sent. Without that
    /// policy nobody could say what it forbids.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="registry">Says whether its stylesheets have changed since it was read.</param>
    /// <param name="steadiness">Which names come and go.</param>
    public static SavedNeeds? Of(LearnedPage page, ResourceRegistry registry, SavedSteadiness? steadiness)
    {
        if (page.Security is { MayBeTold: false })
        {
            return null;
        }

        var analysis = page.Analysis;
        return new SavedNeeds
        {
            Resources = [.. analysis.Resources.Where((_, i) => IsEverybodys(page, page.NameOf(i)))],
            Skipped = NullIfEmpty(analysis.Skipped.Where(s => IsEverybodys(page, NameKey.Of(s)))),
            Preconnects = NullIfEmpty(analysis.Preconnects.Where(p => IsEverybodys(page, NameKey.Of(p)))),
            MetaPolicies = NullIfEmpty(analysis.MetaPolicies),
            ReferrerPolicy = analysis.ReferrerPolicy,
            RanOutOn = analysis.RanOutOn,
            Policies = NullIfEmpty(page.Security?.HeaderPolicies ?? []),
            TaughtBy = page.TaughtBy.Save(),
            IsOutdated = page.IsOutdated(registry),
            Steadiness = steadiness,
            Guesses = page.Guesses?.Save(),
            Traffic = page.Traffic?.Save(),
        };
    }

    /// <summary>Returns whether all of a page is kept, so that the same bytes need no other analysis.</summary>
    public static bool IsWhole(LearnedPage page) => page is { IsConfirmed: true, IsUnread: false, Analysis.Unread.Count: 0 }
        && page.Analysis.Skipped.All(s => IsEverybodys(page, NameKey.Of(s)));

    /// <summary>Makes a page that everyone gets.</summary>
    /// <param name="needs">What was kept.</param>
    /// <param name="path">Knows which names may be told.</param>
    /// <param name="options">The limits.</param>
    /// <param name="registry">Counts changes of stylesheets.</param>
    public static LearnedPage Restore(SavedNeeds needs, LearnedPath path, LearningOptions options, ResourceRegistry registry)
    {
        // What is outdated is so from the first change on.
        var analysis = AnalysisOf(needs);
        var page = new LearnedPage(analysis, PolicyOf(needs), needs.IsOutdated ? -1 : registry.Changes)
        {
            Steadiness = needs.Steadiness is { } steadiness ? Steadiness.Restore(steadiness) : null,
            Traffic = new PageTraffic(analysis, options),
        };
        page.TaughtBy.Add(needs.TaughtBy);
        page.Traffic.Restore(needs.Traffic ?? []);
        page.Traffic.Publish(page.Traffic.Judge());
        path.WitnessesOf(NameKey.Of(page.Security), options.NamedBy).Tell();
        page.CountNames(
            options.NamedBy, Told, Told, connection: 0);
        return page;

        NameWitnesses Told(UInt128 name)
        {
            var witnesses = path.WitnessesOf(name, options.NamedBy);
            witnesses.Tell();
            return witnesses;
        }
    }

    /// <summary>Makes a page of what an audience's pages share.</summary>
    public static LearnedPage RestoreShared(SavedNeeds needs)
    {
        var page = new LearnedPage(AnalysisOf(needs), PolicyOf(needs)) { IsShared = true, Guesses = new Surprises() };
        page.Guesses.Restore(needs.Guesses);
        page.TaughtBy.Add(needs.TaughtBy);
        return page;
    }

    private static PageAnalysis AnalysisOf(SavedNeeds needs) => new(needs.Resources, needs.Skipped ?? [])
    {
        Preconnects = needs.Preconnects ?? [],
        MetaPolicies = needs.MetaPolicies ?? [],
        ReferrerPolicy = needs.ReferrerPolicy,
        RanOutOn = needs.RanOutOn,
    };

    private static ContentSecurityPolicy? PolicyOf(SavedNeeds needs) =>
        ContentSecurityPolicy.Of(new StringValues([.. needs.Policies ?? []]), needs.MetaPolicies ?? []);

    // A name that comes and goes is everybody's, too.
    private static bool IsEverybodys(LearnedPage page, UInt128 name) => page.WitnessesOf(name) is not { IsTold: false };

    private static List<T>? NullIfEmpty<T>(IEnumerable<T> list) => list.ToList() is { Count: > 0 } all ? all : null;
}
