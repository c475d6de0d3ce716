using PushProxy.Load.Origin;
using PushProxy.Load.PageLoad;
using PushProxy.Load.Peers;
using PushProxy.Load.Tests.Support;

namespace PushProxy.Load.Tests.PageLoad;

/// <summary>Page loads, in short: what the report says is what the browsers did.</summary>
public sealed class PageLoadTests
{
    private const int RoundTrip = 20;
    private const int Think = 150;
    private static readonly int Needs = ShopPage.Resources.Count;

    // Large enough that compression shows.
    private static readonly string Stylesheet = string.Concat(Enumerable.Repeat("img { display: block }\n", 500));

    [Fact]
    public async Task Chromium_103_takes_pushes_and_with_a_warm_cache_nothing_but_the_page()
    {
        var report = await LoadAsync("103", "cold,warm", "nginx", "pushproxy");
        Assert.Equal(
            ["nginx cold", "pushproxy cold", "nginx warm", "pushproxy warm"], report.Summaries.Select(static s => $"{s.Target} {s.Mode}"));
        Assert.Contains("103.", report.Browser, StringComparison.Ordinal);
        var bodies = ShopPage.Length + ShopPage.Resources.Values.Sum(static r => r.Body.Length);
        foreach (var summary in report.Summaries)
        {
            Plausible(summary);
            var (cold, ours) = (summary.Mode == "cold", summary.Target == "pushproxy");
            Assert.Equal(cold ? Needs + 1 : 1, summary.Requests.Median + summary.PushesUsed.Median);

            // Ours compresses what the origin does not; nginx as it is installed does not.
            Assert.True((cold && !ours) == summary.Kilobytes.Median > bodies / 1000d, $"{summary}");
            Assert.True(cold == summary.Kilobytes.Median > bodies / 4000d, $"{summary}");
            Assert.Equal(ours && cold, summary.PushesUsed.Median > 0);
            Assert.Equal((0, 0), (summary.EarlyHints.Median, summary.Hinted.Median));
        }

        Assert.Equal(1, report.Summaries[0].ToFirst.FirstContentfulPaint.Median);
        Assert.All(report.Summaries, static s => Assert.Null(s.ToStock));
    }

    [Fact]
    public async Task A_current_Chromium_takes_103_from_ours_and_from_HAProxy()
    {
        var report = await LoadAsync("system", "cold", "haproxy-103", "pushproxy", "yarp");
        Assert.Equal(3, report.Summaries.Count);
        foreach (var summary in report.Summaries)
        {
            Plausible(summary);
            var early = summary.Target != "yarp";
            Assert.Equal(Needs + 1, summary.Requests.Median);
            Assert.Equal(early ? 1 : 0, summary.EarlyHints.Median);
            Assert.Equal(early, summary.Hinted.Median >= ShopPage.Blocking.Count);
            Assert.Equal(0, summary.Pushed.Median);
            Assert.NotNull(summary.ToStock);
        }
    }

    [Fact]
    public async Task A_site_of_ones_own_is_loaded_in_place_of_the_shop()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var program = new LoadProgram();
        var site = Directory.CreateDirectory(Path.Combine(program.Folder, "site"));
        await File.WriteAllBytesAsync(Path.Combine(site.FullName, "large.png"), ShopPage.Resources["/shop/hero.png"].Body, cancellation);
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "site.css"), Stylesheet, cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(site.FullName, "page.html"),
            "<!DOCTYPE html><link rel=stylesheet href=site.css><script src=https://elsewhere.example/a.js></script><img src=large.png><img src=missing.png>",
            cancellation);
        var run = await program.RunAsync(
            [
                "pageload", "--site", site.FullName, "--page", "/page.html", "--browser", "system", "--modes", "cold,warm", "--rtt", $"{RoundTrip}", "--down", "50",
                "--think", $"{Think}", "--runs", "1", "--prime", "2", "--json", program.Report, "nginx-cache", "pushproxy",
            ]);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<PageLoadReport>();
        Assert.Equal((site.FullName, "/page.html"), (report.Site, report.Page));
        Assert.All(report.Summaries, Plausible);
        Assert.All(report.Loads, static l => Assert.Equal("/large.png", l.LargestImage));
        Assert.Equal(1, report.Summaries.Single(static s => s is { Target: "pushproxy", Mode: "cold" }).EarlyHints.Median);
        // Both compress the stylesheet: less comes over the link than the files have.
        var bodies = Stylesheet.Length + ShopPage.Resources["/shop/hero.png"].Body.Length;
        Assert.All(report.Summaries.Where(static s => s.Mode == "cold"), s => Assert.True(s.Kilobytes.Median < bodies / 1000d, $"{s}"));
        // The stylesheet and the image are fresh; the page is validated, and what is missing is asked for again.
        Assert.All(report.Summaries.Where(static s => s.Mode == "warm"), static s => Assert.True(s.Requests.Median < 4, $"{s}"));
    }

    [Theory]
    [InlineData("--page names a page of the site given with --site.", "--page", "/a.html")]
    [InlineData("--rtt takes numbers, separated by commas.", "--rtt", "30;100")]
    [InlineData("--rtt is more than 0.", "--rtt", "30,0")]
    [InlineData("--think is at least 0.", "--think", "100,-1")]
    [InlineData("--page begins with a slash.", "--site", "/", "--page", "a.html")]
    [InlineData("haproxy-103 is configured by hand for the shop page", "--site", "/", "yarp", "haproxy-103")]
    public async Task Options_that_contradict_each_other_are_refused(string message, params string[] options)
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync(["pageload", .. options]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_sets_of_conditions_are_one_table_with_a_line_for_each_server()
    {
        var figure = new Figure(2, 1, 3);
        var ratios = new PaintRatios(figure, figure);
        LoadSummary[] summaries = [.. ((string[])["nginx-cache", "pushproxy"]).Select(name => new LoadSummary(
            name, name, "cold", figure, figure, figure, figure, figure, figure, figure, figure, figure, figure, figure, ratios, null))];
        var report = new PageLoadReport(DateTimeOffset.UnixEpoch, null, "/", "Chrome/156", 30, 1.5, 1.5, 200, 1, 2, summaries, []);
        using var output = new StringWriter();
        PageLoadSweep.Print([report, report with { RoundTrip = 100, Think = 0 }], output);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "All of them, medians, ms:",
                "browser RTT Mbit/s think mode server first byte FCP LCP load kB FCP, LCP to nginx-cache FCP, LCP to yarp",
                "Chrome/156 30 1.5 200 cold nginx-cache 2 2 2 2 2 2.000, 2.000 -",
                "Chrome/156 30 1.5 200 cold pushproxy 2 2 2 2 2 2.000, 2.000 -",
                "Chrome/156 100 1.5 0 cold nginx-cache 2 2 2 2 2 2.000, 2.000 -",
                "Chrome/156 100 1.5 0 cold pushproxy 2 2 2 2 2 2.000, 2.000 -",
            ],
            lines.Select(static l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    private static async Task<PageLoadReport> LoadAsync(string browser, string modes, params string[] targets)
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync(
            [
                "pageload", "--browser", browser, "--modes", modes, "--rtt", $"{RoundTrip}", "--down", "50", "--think", $"{Think}",
                "--runs", "1", "--prime", "2",
                "--json", program.Report, .. targets,
            ]);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
        return await program.ReadReportAsync<PageLoadReport>();
    }

    private static void Plausible(LoadSummary summary)
    {
        Assert.True(summary.FirstByte.Median >= Think + RoundTrip, $"{summary}");
        Assert.True(summary.FirstContentfulPaint.Median >= Think, $"{summary}");
        // Old Chromiums round one and the same paint in two ways.
        Assert.True(summary.LargestContentfulPaint.Median >= summary.FirstContentfulPaint.Median - 1, $"{summary}");
        Assert.True(summary.Load.Median >= Think, $"{summary}");
        Assert.True(summary.ToFirst.FirstContentfulPaint.Median > 0 && summary.ToFirst.LargestContentfulPaint.Median > 0, $"{summary}");
    }
}
