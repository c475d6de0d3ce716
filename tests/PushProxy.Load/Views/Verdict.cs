namespace PushProxy.Load.Views;

/// <summary>What a run comes to, in words.</summary>
internal static class Verdict
{
    // The timers ask for 10 ms; this much more is a process that does not get to its work.
    private const double BusyDelay = 60;

    /// <summary>Whether all went well, and a sentence that says how it went.</summary>
    public static (bool Succeeded, string Sentence) Of(IReadOnlyList<ProtocolRun> runs)
    {
        long Sum(Func<VisitCounts, long> figure) => runs.Sum(r => figure(r.Result.Counts));
        var (started, finished, failed, late) = (
            Sum(static c => c.Views.Started),
            Sum(static c => c.Views.Finished),
            Sum(static c => c.Views.Failed),
            Sum(static c => c.Views.Late));
        var kinds = runs.SelectMany(static r => r.Result.Errors).GroupBy(static e => e.Key)
            .Select(static g => $"{Words.Count(g.Sum(static e => e.Value))} × {Words.OfError(g.Key)}").ToList();
        if (failed > 0)
        {
            return (false, $"{Words.Count(failed)} of {Words.Count(started)} page views failed: {string.Join(", ", kinds)}.");
        }

        if (kinds.Count > 0)
        {
            return (false, $"No page view failed, but there were errors in views that were broken off ({string.Join(", ", kinds)}).");
        }

        if (late > 0)
        {
            return (
                false,
                $"{Words.Count(late)} of {Words.Count(started + late)} page views could not be begun when they were due: as many as "
                + $"allowed were still under way. The rest were without an error.");
        }

        if (finished == 0)
        {
            return (false, "No page view was completed.");
        }

        var (half, most) = (runs.Max(static r => r.Result.All.Display.P50), runs.Max(static r => r.Result.All.Display.P99));
        return (
            true,
            $"All {Words.Count(finished)} page views were complete and without an error. Half of them could be displayed within "
            + $"{Words.Milliseconds(half)}, 99 of 100 within "
            + $"{Words.Milliseconds(most)}{(runs.Count > 1 ? ", whatever the protocol" : "")}.");
    }

    /// <summary>What a reader should know before believing the figures.</summary>
    public static IEnumerable<string> Remarks(IReadOnlyList<ProtocolRun> runs)
    {
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
}
