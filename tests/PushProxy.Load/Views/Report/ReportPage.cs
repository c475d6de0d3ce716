using System.Globalization;
using System.Reflection;

namespace PushProxy.Load.Views.Report;

/// <summary>The report as one HTML file that needs nothing else.</summary>
internal static class ReportPage
{
    private static readonly string Style = ReadStyle();

    /// <summary>Writes it.</summary>
    public static string Of(ViewsReport report)
    {
        var date = report.Date.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);
        var site = report.Options.Url is null ? "PushProxy, started for this test" : report.Site.Url.AbsoluteUri;
        var seconds = report.Site.Runs.Max(static r => r.Result.Seconds);
        var with = report.Off is null ? "" : ", with delivery";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Verdict.Title(report.Outcome)}: load test of {Html.Text(site)}</title>
            <link rel="icon" href="data:,">
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>Load test: {Html.Text(site)}</h1>
            <p class="faint">{date} · {Words.Figure(seconds)} seconds of page views, made as browsers make them</p>
            <div class="verdict {Colour(report.Outcome)}"><strong>{Verdict.Title(report.Outcome)}</strong>
            {Html.Text(report.Verdict)}<small>A run passes if no view failed and none began late, of at least {Verdict.LeastViews} that
            finished by each protocol{(report.Off is null ? "" : " on each site")}.</small></div>
            {string.Concat(report.Remarks.Select(static r => $"<p>Note: {Html.Text(r)}</p>"))}
            {Tiles(report, seconds)}
            <h2>{(report.Off is null ? "How long pages took" : "With delivery and without")}</h2>
            {SideBySideSection.Whole(report)}
            <h2>By page</h2>
            {SideBySideSection.Pages(report)}
            <h2>Over time</h2>
            {ChartsSection.Of(report)}
            <h2>Page views and requests{with}</h2>
            {CountsSection.Views(report.Site)}
            {CountsSection.Errors(report)}
            <h2>Sent or named before it was asked for</h2>
            {CountsSection.Early(report.Site)}
            {ServerSection.Of(report.Site)}
            <h2>What was run</h2>
            {SetupSection.Of(report)}
            </main>
            </body>
            </html>
            """;
    }

    private static string Tiles(ViewsReport report, double seconds)
    {
        var (site, off) = (report.Site, report.Off);
        var finished = site.Total(static c => c.Views.Finished);
        var failed = site.Total(static c => c.Views.Failed) + (off?.Total(static c => c.Views.Failed) ?? 0);
        List<(string Name, string Value)> tiles =
        [
            ("page views finished, a second", Words.Figure(finished / seconds)),
            ("page views failed", Words.Count(failed)),
            ("half of all pages could be displayed within", Slowest(site, static l => l.P50)),
            ("99 of 100 within", Slowest(site, static l => l.P99)),
        ];
        if (off is not null)
        {
            tiles.Insert(3, ("half of them with delivery off", Slowest(off, static l => l.P50)));
        }

        if (site.Server is { } server)
        {
            tiles.Add(("processor time of the server a page view", Words.Milliseconds(server.CpuMillisecondsPerView)));
            tiles.Add(("most memory of the server", $"{Words.Figure(server.PeakMemoryMiB)} MiB"));
        }

        return "<dl class=\"tiles\">"
            + string.Concat(tiles.Select(static t =>
                $"<div class=\"card\"><dt>{Html.Text(t.Name)}</dt><dd>{Html.Text(t.Value)}</dd></div>"))
            + "</dl>";
    }

    /// <summary>Of the protocol with the longest time; a dash if one of them has too few views to say.</summary>
    private static string Slowest(SiteResult site, Func<Latency, double?> of)
    {
        var times = site.Runs.Select(r => of(r.Result.All.Display)).ToList();
        return Words.Milliseconds(times.Contains(null) ? null : times.Max());
    }

    private static string Colour(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "good",
        Outcome.Failed => "bad",
        _ => "open",
    };

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
