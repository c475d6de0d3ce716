using System.Globalization;
using System.Net.Sockets;
using PushProxy.Load.Site;
using PushProxy.Load.Tests.Support;
using PushProxy.Load.Views;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Tests.Views;

/// <summary><c>views</c>, as a user runs it.</summary>
public sealed class ViewsTests
{
    [Theory]
    [InlineData("h1")]
    [InlineData("h2")]
    [InlineData("push")]
    public async Task On_the_site_it_starts_everything_is_reported_and_adds_up(string protocol)
    {
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--alone", "--protocol", protocol, "--rate", "15", "--seconds", "4", "--warm-up", "2", "--think", "20", "--returning", "0.5",
            "--cancel", "0.1");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var report = await program.ReadViewsAsync();
        var visits = Assert.Single(report.Site.Runs).Result;
        Consistent.Counts(visits);
        Assert.Equal(Outcome.Passed, report.Outcome);
        Assert.Contains(report.Verdict, result.Output, StringComparison.Ordinal);
        Assert.Equal(60, visits.Counts.Views.Started);
        Assert.Equal(0, visits.Counts.Views.Late);
        Assert.InRange(visits.Counts.Views.Returning, 10, 50);
        Assert.InRange(visits.Counts.Requests.FromCache, 1, long.MaxValue);
        Assert.InRange(visits.Counts.Requests.NotModified, 1, long.MaxValue);
        Assert.Equal(visits.Counts.Views.Started, report.Site.Timeline.Sum(static p => p.Started));
        Assert.Equal(visits.Counts.Requests.Sent, report.Site.Timeline.Sum(static p => p.Requests));
        Assert.Equal(visits.Counts.Pushes.Used, report.Site.Timeline.Sum(static p => p.PushesUsed));
        Assert.Contains(report.Site.Timeline, static p => p is { CpuPercent: > 0, MemoryMiB: > 10 });
        Assert.True(report.Site.Server is { CpuSeconds: > 0, CpuMillisecondsPerView: > 0, PeakMemoryMiB: > 10 });
        Assert.NotEmpty(report.Site.ProxyCounters);
        Assert.True(report.Site.Origin is { Requests: > 0 });
        Assert.Null(report.Off);

        var (pushes, hints, links) = (visits.Counts.Pushes, visits.Counts.EarlyHints, visits.Counts.Links);
        Assert.Equal(protocol == "push", pushes.Promised > 0);
        Assert.Equal(protocol == "push", pushes.Used > 0);
        Assert.Equal(protocol == "h2", hints.Responses > 0);
        Assert.Equal(protocol == "h2", hints.Used > 0);

        // A 103 leaves out what its client would have to ask for again, and a returning visitor may be linked what it has to validate.
        Assert.True(links.Used > 0 || protocol == "push", links.ToString());

        // What returning visitors have is neither pushed nor named, and the proxy says how much that saved.
        Assert.True(pushes.Cancelled * 10 <= pushes.Promised, pushes.ToString());
        Assert.True(hints.Cached * 10 <= hints.Resources, hints.ToString());
        Assert.True(report.Site.ProxyCounters.Where(static c => c.Name == "pushproxy_saved_bytes").Sum(static c => c.Value) > 0);
    }

    [Fact]
    public async Task The_same_visitors_see_both_sites()
    {
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--protocol", "h2", "--rate", "10", "--seconds", "4", "--warm-up", "2", "--think", "0", "--cancel", "0", "--returning", "0");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var report = await program.ReadViewsAsync();
        // Chance gives the second what it gave the first, page by page, whatever the servers do.
        Assert.Equal(
            report.Site.Runs[0].Result.Pages.Select(static p => p.First.Finished),
            report.Off!.Runs[0].Result.Pages.Select(static p => p.First.Finished));
        var off = Assert.Single(report.Off.Runs).Result;
        Consistent.Counts(off);
        Assert.Equal((40, 0, 0), (off.Counts.Views.Started, off.Counts.Views.Late, off.Counts.Views.Returning));
        Assert.True(report.Site.Runs[0].Result.Counts.EarlyHints.Used > 0);
        Assert.Equal((0, 0), (off.Counts.EarlyHints.Responses, off.Counts.Links.Resources));
        // Without a cache, every file of every view comes from the origin.
        Assert.Equal(new OriginCounts(off.Counts.Requests.Sent, 0), report.Off.Origin);
        Assert.True(report.Off.Server is { CpuSeconds: > 0, CpuMillisecondsPerView: > 0, PeakMemoryMiB: > 10 });
        Assert.Equal(40, report.Off.Timeline.Sum(static p => p.Started));
        Assert.Equal(5, report.SideBySide.Pages.Count);
        Assert.All(report.SideBySide.Pages, static p => Assert.NotEmpty(p.Groups));
    }

    [Fact]
    public async Task Alone_it_visits_one_site_and_of_few_views_it_does_not_say_that_they_passed()
    {
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--alone", "--protocol", "h1", "--rate", "5", "--seconds", "1", "--warm-up", "0", "--cancel", "0");
        Assert.True(result.ExitCode == 2, result.Output + result.Error);
        Assert.DoesNotContain("delivery off", result.Output, StringComparison.Ordinal);
        Assert.Contains("Not enough views to judge: 5 page views by HTTP/1.1 finished", result.Output, StringComparison.Ordinal);
        var report = await program.ReadViewsAsync();
        Assert.Null(report.Off);
        Assert.Equal(Outcome.TooFewViews, report.Outcome);
        Assert.Null(report.Site.Runs[0].Result.All.Display.P90);
    }

    [Fact]
    public async Task What_the_origin_answers_with_500_is_reported_and_the_run_has_failed()
    {
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--protocol", "h2", "--page", "/site/broken", "--rate", "10", "--seconds", "2", "--warm-up", "0", "--think", "0",
            "--cancel", "0");
        Assert.Equal(1, result.ExitCode);
        var report = await program.ReadViewsAsync();
        var visits = Assert.Single(report.Site.Runs).Result;
        Consistent.Counts(visits);
        Assert.Equal(Outcome.Failed, report.Outcome);
        Assert.Equal(20, visits.Counts.Views.Failed);
        Assert.Equal(20, visits.Errors["status"]);
        Assert.Equal(20, visits.Status["500"]);
        Assert.All(visits.Samples, static s => Assert.EndsWith("/site/assets/broken.css", s.Url, StringComparison.Ordinal));
        Assert.Contains(
            "40 of 40 page views failed (20 with delivery, 20 with delivery off): 40 × error status", result.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "/site/assets/broken.css",
            await File.ReadAllTextAsync(program.HtmlReport, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_of_ones_own_is_visited_and_left_as_it_is()
    {
        await using var nginx = await NginxOrigin.StartAsync(new Dictionary<string, string>
        {
            ["index.html"] = "<!doctype html><html><head><link rel=stylesheet href=a.css></head><body>text</body></html>",
            ["a.css"] = "body { margin: 0 }",
        });
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--url", nginx.Url.AbsoluteUri, "--protocol", "h1", "--rate", "0", "--concurrency", "2", "--seconds", "1", "--cancel", "0");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var report = await program.ReadViewsAsync();
        Consistent.Counts(report.Site.Runs[0].Result);
        Assert.Null(report.Site.Server);
        Assert.Null(report.Off);
        Assert.Empty(report.Site.ProxyCounters);
        Assert.Equal(["/", "/a.css"], nginx.Requested.Distinct().Order(StringComparer.Ordinal));
        // And a look at it before the run: the page and its stylesheet.
        Assert.Equal(report.Site.Runs[0].Result.Counts.Requests.Sent + 2, nginx.Requested.Count);
    }

    [Fact]
    public async Task A_PushProxy_of_ones_own_tells_what_it_took_and_counted()
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate);

        // So that the visitors of a short run see a 103.
        await Eventually.TrueAsync(
            async () => (await Curl.HeadsAsync(proxy.Secure)).Count > 1, () => $"The page was never learned.\n{proxy.Log}");
        using var program = new LoadProgram();
        string[] arguments = ["--url", proxy.Secure.AbsoluteUri, "--protocol", "h2", "--seconds", "2", "--cancel", "0"];
        var untrusted = await program.ViewsAsync(arguments);
        Assert.Equal(1, untrusted.ExitCode);
        Assert.Contains("self-signed certificate (tls). Give its certificate with --cert", untrusted.Error, StringComparison.Ordinal);
        var process = proxy.ProcessId.ToString(CultureInfo.InvariantCulture);
        var trusted = await program.ViewsAsync(
            [
                .. arguments,
                "--cert", certificate.CertificateFile, "--pid", process, "--metrics",
                new Uri(proxy.Management, "/metrics").AbsoluteUri,
            ]);
        Assert.True(trusted.ExitCode == 0, trusted.Output + trusted.Error);
        var report = await program.ReadViewsAsync();
        Assert.True(report.Site.Server is { CpuSeconds: > 0, PeakMemoryMiB: > 10 });
        // Each 103 a visitor saw is one the proxy sent, in the same run.
        Assert.Equal(
            report.Site.Runs[0].Result.Counts.EarlyHints.Responses,
            report.Site.ProxyCounters.Single(static c => c is { Name: "pushproxy_early_hints", Label: "sent" }).Value);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Interrupted_it_leaves_nothing_behind(string signal)
    {
        using var program = new LoadProgram();

        // A shell's background ignores SIGINT, and so would all that is started there.
        await using var views = RunningTool.Start(
            "env", "--default-signal=INT", $"TMPDIR={program.Folder}", "dotnet", Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll"), "views", "--seconds",
            "600", "--warm-up", "0", "--report", Path.Combine(program.Folder, "report"));
        await views.UntilAsync(() => views.Output.Contains("1 s  started", StringComparison.Ordinal), "its first second");
        var proxy = new Uri(views.Output.Split("Visiting ")[1].Split(',')[0]);
        await ExternalTool.RunAsync("bash", ["-c", $"kill -{signal} {views.ProcessId}"]);
        var result = await views.EndAsync();
        Assert.Equal((1, "Interrupted: no report was written.\n"), (result.ExitCode, result.Error));
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(
            () => client.ConnectAsync(proxy.Host, proxy.Port, TestContext.Current.CancellationToken).AsTask());
        Assert.Empty(
            Directory.EnumerateDirectories(program.Folder, "pushproxy-*").Concat(Directory.EnumerateDirectories(program.Folder, "report")));
    }

    [Theory]
    [InlineData("can't be visited with HTTP/2: connect ECONNREFUSED", "--url", "https://127.0.0.1:1/", "--protocol", "h2")]
    [InlineData("can't be visited with HTTP/1.1: connect ECONNREFUSED", "--url", "http://127.0.0.1:1/", "--protocol", "h1")]
    [InlineData("give --protocol h1, or a URL with https://", "--url", "http://127.0.0.1:1/")]
    [InlineData("--rate has to be from 0", "--rate", "-1")]
    [InlineData("--returning has to be from 0 to 1", "--returning", "40")]
    [InlineData("is no http:// or https:// URL", "--url", "localhost")]
    [InlineData("No process 999999999 runs here", "--pid", "999999999", "--url", "OWN", "--protocol", "h1")]
    [InlineData("/metrics does not tell what was counted", "--metrics", "http://127.0.0.1:1/metrics", "--url", "OWN", "--protocol", "h1")]
    public async Task What_cannot_be_is_said_clearly_and_nothing_is_written(string message, params string[] arguments)
    {
        await using var nginx = await NginxOrigin.StartAsync(new Dictionary<string, string> { ["index.html"] = "<!doctype html>" });
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(arguments.Select(a => a == "OWN" ? nginx.Url.AbsoluteUri : a));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(program.Folder));
    }
}
