namespace PushProxy.Load.Views;

/// <summary>How a run ended.</summary>
internal enum Outcome
{
    /// <summary>Every view began when it was due and none failed, of enough views to say so.</summary>
    Passed,

    /// <summary>A view failed or was late, there was an error, or a server ended.</summary>
    Failed,

    /// <summary>Nothing failed, but of too few views to say that it passed.</summary>
    TooFewViews,
}

/// <summary>What a run comes to, in words.</summary>
internal static class Verdict
{
    /// <summary>
    /// How many views of each protocol have to finish on each site before a run can pass. If none of 30 fails, fewer than one in ten do,
    /// with 95 % certainty (0.9 to the 30th is 0.04); of fewer, not even that could be said.
    /// </summary>
    public const int LeastViews = 30;

    // The timers ask for 10 ms; this much more is a process that does not get to its work.
    private const double BusyDelay = 60;

    /// <summary>The exit code: 0 passed, 1 failed, 2 not enough views to judge.</summary>
    public static int ExitCode(Outcome outcome) => outcome switch
    {
        Outcome.Passed => 0,
        Outcome.Failed => 1,
        _ => 2,
    };

    /// <summary>In two or three words.</summary>
    public static string Title(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "Passed",
        Outcome.Failed => "Failed",
        _ => "Not enough views to judge",
    };

    /// <summary>Whether all went well, and a sentence that says how it went.</summary>
    /// <param name="site">With delivery.</param>
    /// <param name="off">With delivery off, if that was visited, too: what fails there has failed.</param>
    public static (Outcome Outcome, string Sentence) Of(SiteResult site, SiteResult? off = null)
    {
        SiteResult[] sites = off is null ? [site] : [site, off];
        long Sum(Func<VisitCounts, long> figure) => sites.Sum(s => s.Total(figure));
        var (started, finished, failed, late) = (
            Sum(static c => c.Views.Started),
            Sum(static c => c.Views.Finished),
            Sum(static c => c.Views.Failed),
            Sum(static c => c.Views.Late));
        string Parts(Func<VisitCounts, long> figure) =>
            off is null ? "" : $" ({Words.Count(site.Total(figure))} with delivery, {Words.Count(off.Total(figure))} with delivery off)";
        var kinds = sites.SelectMany(static s => s.Runs).SelectMany(static r => r.Result.Errors).GroupBy(static e => e.Key)
            .Select(static g => $"{Words.Count(g.Sum(static e => e.Value))} × {Words.OfError(g.Key)}").ToList();
        if (failed > 0)
        {
            return (
                Outcome.Failed,
                $"{Words.Count(failed)} of {Words.Count(started)} page views failed{Parts(static c => c.Views.Failed)}: "
                + $"{string.Join(", ", kinds)}.");
        }

        if (kinds.Count > 0)
        {
            return (
                Outcome.Failed, $"No page view failed, but there were errors in views that were broken off ({string.Join(", ", kinds)}).");
        }

        if (late > 0)
        {
            return (
                Outcome.Failed,
                $"{Words.Count(late)} of {Words.Count(started + late)} page views could not be begun when they were "
                + $"due{Parts(static c => c.Views.Late)}: as many as allowed were still under way. The rest were without an error.");
        }

        if (sites.Any(static s => s.ServerEnded))
        {
            return (Outcome.Failed, "The server's process ended during the run.");
        }

        if (TooFew(site, off) is { } why)
        {
            return (Outcome.TooFewViews, why);
        }

        return (
            Outcome.Passed,
            $"All {Words.Count(finished)} page views{Parts(static c => c.Views.Finished)} were complete and without an error. "
            + $"{Display(site)}{(site.Runs.Count > 1 ? ", whatever the protocol" : "")}."
            + (off is null ? "" : $" With delivery off: {Display(off, "half")}."));
    }

    /// <summary>What a reader should know before believing the figures.</summary>
    public static IEnumerable<string> Remarks(SiteResult site, SiteResult? off = null)
    {
        ProtocolRun[] runs = [.. site.Runs, .. off?.Runs ?? []];
        if (site.ServerEnded || off is { ServerEnded: true })
        {
            yield return "The server's process ended during the run.";
        }

        if (runs.Any(static r => r.Result.Driver.DelayP99 > BusyDelay || r.Result.Driver.CpuSeconds > 0.8 * r.Result.Seconds))
        {
            yield return "The visitors themselves were short of processor time: long times may be theirs and not the server's. Try a "
                + "lower rate, or run them on another machine.";
        }

        if (runs.Sum(static r => r.Result.Counts.Requests.Elsewhere) is > 0 and var elsewhere)
        {
            yield return $"{Words.Count(elsewhere)} times a page named something of another site. Other sites are not tested, so it was "
                + $"not asked for.";
        }
    }

    private static string? TooFew(SiteResult site, SiteResult? off)
    {
        var (run, where) = site.Runs.Select(static r => (Run: r, Where: ""))
            .Concat((off?.Runs ?? []).Select(static r => (Run: r, Where: " with delivery off")))
            .MinBy(static s => s.Run.Result.Counts.Views.Finished);
        var finished = run.Result.Counts.Views.Finished;
        return finished >= LeastViews
            ? null
            : $"{Words.Count(finished)} page {(finished == 1 ? "view" : "views")} by {Words.Of(run.Protocol)}{where} finished, and "
                + $"{LeastViews} of each protocol are needed{(off is null ? "" : " on both sites")}. Nothing failed. Let it run longer, or at a "
                + $"higher rate.";
    }

    /// <summary>Of the slowest protocol: how fast pages could be displayed, as far up as the views go.</summary>
    private static string Display(SiteResult site, string half = "Half of them could be displayed")
    {
        var displays = site.Runs.Select(static r => r.Result.All.Display).ToList();
        var (name, most) = displays.TrueForAll(static d => d.P99 is not null)
            ? ("99 of 100", displays.Max(static d => d.P99))
            : ("9 of 10", displays.Max(static d => d.P90));
        return $"{half} within {Words.Milliseconds(displays.Max(static d => d.P50))}, {name} within {Words.Milliseconds(most)}";
    }
}
