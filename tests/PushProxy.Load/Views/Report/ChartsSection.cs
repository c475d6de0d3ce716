namespace PushProxy.Load.Views.Report;

/// <summary>The run second by second.</summary>
internal static class ChartsSection
{
    public static string Of(ViewsReport report)
    {
        // What is left at the end is too short to be drawn as a second.
        var points = report.Timeline.Where(static p => p.Length >= 0.5).ToList();
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
                seconds, AxisUnit.Counted,
                new Series("under way", "c1", [.. points.Select(static p => (double?)p.UnderWay)])),
        };
        if (report.Runs.Count == 1)
        {
            charts.Add(LineChart.Draw(
                "Milliseconds until a page could be displayed", "of the views that finished in each second", seconds, AxisUnit.Measured,
                Times(points, report.Runs[0].Protocol, "half of them within", "c1", static t => t.P50),
                Times(points, report.Runs[0].Protocol, "99 of 100 within", "c2", static t => t.P99)));
        }
        else
        {
            charts.Add(
                LineChart.Draw(
                    "Milliseconds until half of the pages could be displayed",
                    "of the views that finished in each second",
                    seconds, AxisUnit.Measured,
                    ByProtocol(report, points, static t => t.P50)));
            charts.Add(
                LineChart.Draw(
                    "Milliseconds until 99 of 100 could be displayed",
                    "of the views that finished in each second; with fewer than 100 of them, the longest",
                    seconds, AxisUnit.Measured,
                    ByProtocol(report, points, static t => t.P99)));
        }

        if (report.Server is not null)
        {
            charts.Add(
                LineChart.Draw(
                    "Processor time of the server, %",
                    "100 % is one processor, busy all the time",
                    seconds, AxisUnit.Measured,
                    new Series("CPU", "c1", [.. points.Select(static p => p.CpuPercent)])));
            charts.Add(
                LineChart.Draw(
                    "Memory of the server, MiB",
                    "resident; a managed runtime takes what it finds and settles after a while",
                    seconds, AxisUnit.Measured,
                    new Series("memory", "c1", [.. points.Select(static p => p.MemoryMiB)])));
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

    private static List<Series> ByProtocol(ViewsReport report, List<TimelinePoint> points, Func<Latency, double> of) =>
        [.. report.Runs.Select((r, i) => Times(points, r.Protocol, Words.Of(r.Protocol), $"c{i + 1}", of))];

    private static Series Times(List<TimelinePoint> points, VisitProtocol protocol, string name, string colour, Func<Latency, double> of) =>
        new(
            name,
            colour,
            [
                .. points.Select(
                    p => p.Times.TryGetValue(protocol, out var times) && times.Display.Count > 0 ? of(times.Display) : (double?)null),
            ]);

    private static IEnumerable<Series> Some(Series series) => series.Values.Any(static v => v > 0) ? [series] : [];
}
