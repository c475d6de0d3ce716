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
        var site = report.Options.Url is null ? "PushProxy, started for this test" : report.Url.AbsoluteUri;
        var seconds = report.Runs.Max(static r => r.Result.Seconds);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{(report.Succeeded ? "Passed" : "Failed")}: load test of {Html.Text(site)}</title>
            <link rel="icon" href="data:,">
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>Load test: {Html.Text(site)}</h1>
            <p class="faint">{date} · {Words.Figure(seconds)} seconds of page views, made as browsers make them</p>
            <div class="verdict {(report.Succeeded ? "good" : "bad")}"><strong>{(report.Succeeded ? "Passed" : "Failed")}</strong>
            {Html.Text(report.Verdict)}</div>
            {string.Concat(report.Remarks.Select(static r => $"<p>Note: {Html.Text(r)}</p>"))}
            {Tiles(report, seconds)}
            <h2>How long pages took</h2>
            {TimesSection.Of(report)}
            <h2>Over time</h2>
            {ChartsSection.Of(report)}
            <h2>Page views and requests</h2>
            {CountsSection.Views(report)}
            {CountsSection.Errors(report)}
            <h2>Sent or named before it was asked for</h2>
            {CountsSection.Early(report)}
            {ServerSection.Of(report)}
            <h2>What was run</h2>
            {SetupSection.Of(report)}
            </main>
            </body>
            </html>
            """;
    }

    private static string Tiles(ViewsReport report, double seconds)
    {
        var (finished, failed) = (report.Total(static c => c.Views.Finished), report.Total(static c => c.Views.Failed));
        List<(string Name, string Value)> tiles =
        [
            ("page views finished, a second", Words.Figure(finished / seconds)),
            ("page views failed", Words.Count(failed)),
            ("half of all pages could be displayed within", Words.Milliseconds(report.Runs.Max(static r => r.Result.All.Display.P50))),
            ("99 of 100 within", Words.Milliseconds(report.Runs.Max(static r => r.Result.All.Display.P99))),
        ];
        if (report.Server is { } server)
        {
            tiles.Add(("processor time of the server a page view", Words.Milliseconds(server.CpuMillisecondsPerView)));
            tiles.Add(("most memory of the server", $"{Words.Figure(server.PeakMemoryMiB)} MiB"));
        }

        return "<dl class=\"tiles\">"
            + string.Concat(tiles.Select(static t =>
                $"<div class=\"card\"><dt>{Html.Text(t.Name)}</dt><dd>{Html.Text(t.Value)}</dd></div>"))
            + "</dl>";
    }

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
