namespace PushProxy.Load.Views.Report;

/// <summary>The run second by second.</summary>
internal static class ChartsSection
{
    public static string Of(ViewsReport report)
    {
        var points = Drawn(report.Site);
        if (points.Count == 0)
        {
            return "<p>The run was too short for charts.</p>";
        }

        var seconds = points.Select(static p => p.Seconds).ToList();
        Series Rate(string name, string colour, Func<TimelinePoint, double> of) =>
            new(name, colour, [.. points.Select(p => (double?)(of(p) / p.Length))]);
        var charts = new List<string>
        {
            LineChart.Draw(
                "Page views a second", "by what became of them", seconds, AxisUnit.Counted,
                [
                    Rate("finished", "c1", static p => p.Finished),
                    .. Some(Rate("broken off as planned", "c2", static p => p.Cancelled)),
                    .. Some(Rate("begun too late", "c3", static p => p.Late)),
                    .. Some(Rate("failed", "c4", static p => p.Failed)),
                ]),
            LineChart.Draw(
                "Page views under way",
                "at the end of each second",
                seconds,
                AxisUnit.Counted,
                new Series("under way", "c1", [.. points.Select(static p => (double?)p.UnderWay)])),
        };
        foreach (var protocol in report.Site.Runs.Select(static r => r.Protocol))
        {
            charts.Add(LineChart.Draw(
                $"Milliseconds until half of the pages could be displayed, {Words.Of(protocol)}",
                "of the views that finished in each second, if two did",
                seconds,
                AxisUnit.Measured,
                Both(report, p => p.Times.GetValueOrDefault(protocol)?.Display.P50)));
        }

        charts.Add(LineChart.Draw(
            "Milliseconds until the last page could be displayed",
            "the longest of the views that finished in each second",
            seconds,
            AxisUnit.Measured,
            [.. report.Site.Runs.Select((r, i) => new Series(
                Words.Of(r.Protocol),
                $"c{i + 1}",
                [.. points.Select(p => p.Times.GetValueOrDefault(r.Protocol)?.Display is { Count: > 0 } d ? d.Max : (double?)null)]))]));
        if (report.Site.Server is not null)
        {
            charts.Add(LineChart.Draw(
                "Processor time of the server, %", "100 % is one processor, busy all the time", seconds, AxisUnit.Measured,
                Both(report, static p => p.CpuPercent)));
            charts.Add(LineChart.Draw(
                "Memory of the server, MiB", "resident; a managed runtime takes what it finds and settles after a while", seconds,
                AxisUnit.Measured, Both(report, static p => p.MemoryMiB)));
        }

        if (points.Any(static p => p.PushesUsed + p.PushesWasted > 0))
        {
            charts.Add(
                LineChart.Draw(
                    "Pushes a second", "by whether the visitor had a use for them", seconds, AxisUnit.Counted,
                    Rate("used", "c1", static p => p.PushesUsed), Rate("no use", "c2", static p => p.PushesWasted)));
        }

        if (points.Any(static p => p.HintsUsed + p.HintsWasted > 0))
        {
            charts.Add(
                LineChart.Draw(
                    "Resources named in advance, a second", "by 103 or Link, by whether the page needed them", seconds, AxisUnit.Counted,
                    Rate("used", "c1", static p => p.HintsUsed), Rate("no use", "c2", static p => p.HintsWasted)));
        }

        return $"<div class=\"charts\">{string.Concat(charts)}</div>";
    }

    /// <summary>What is left at the end is too short to be drawn as a second.</summary>
    private static List<TimelinePoint> Drawn(SiteResult site) => [.. site.Timeline.Where(static p => p.Length >= 0.5)];

    /// <summary>A line with delivery, and one with delivery off if there is such a site: by the second, for both began together.</summary>
    private static IReadOnlyList<Series> Both(ViewsReport report, Func<TimelinePoint, double?> of)
    {
        var points = Drawn(report.Site);
        var delivery = new Series("with delivery", "c1", [.. points.Select(of)]);
        if (report.Off is not { } site)
        {
            return [delivery];
        }

        var off = Drawn(site);
        return [delivery, new("delivery off", "c2", [.. points.Select((_, i) => i < off.Count ? of(off[i]) : null)])];
    }

    private static IEnumerable<Series> Some(Series series) => series.Values.Any(static v => v > 0) ? [series] : [];
}
