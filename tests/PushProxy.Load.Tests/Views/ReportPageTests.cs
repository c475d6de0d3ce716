using System.Text.Json;
using PushProxy.Load.Tests.Support;
using PushProxy.Load.Views;
using PushProxy.Load.Views.Report;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.Tests.Views;

/// <summary>The report's page: what a browser makes of it, and what strangers' words in it cannot do.</summary>
public sealed class ReportPageTests
{
    // What is wider than its box, or reaches out of the window.
    private const string Overflowing = """
        [...document.querySelectorAll('main *')]
          .filter(e => !e.closest('svg') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
          .concat([...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1))
          .map(e => e.tagName + ': ' + e.textContent.slice(0, 60))
        """;

    private const string TextOutsideItsChart = """
        [...document.querySelectorAll('svg text')].filter(t => { const b = t.getBBox(), v = t.ownerSVGElement.viewBox.baseVal;
          return b.x < 0 || b.y < 0 || b.x + b.width > v.width || b.y + b.height > v.height; }).map(t => t.textContent)
        """;

    private const string Charts = """
        [...document.querySelectorAll('figure')].map(f => { const b = f.querySelector('svg').getBoundingClientRect();
          return { title: f.querySelector('figcaption').firstChild.textContent, width: b.width, height: b.height,
            drawn: [...f.querySelectorAll('.series')].every(
              s => s.getBBox().width > 0 && s.getTotalLength() > 0 && getComputedStyle(s).stroke !== 'none') }; })
        """;

    [Fact]
    public async Task A_browser_shows_all_of_it_wide_and_narrow_light_and_dark()
    {
        using var program = new LoadProgram();
        var result = await program.ViewsAsync(
            "--rate", "24", "--seconds", "6", "--warm-up", "1", "--page", "/site/", "--page", "/site/list", "--page", "/site/broken");
        Assert.True(result.ExitCode == 1, result.Output + result.Error);
        await using var browser = await Browser.StartAsync();
        var window = await browser.OpenWindowAsync();
        await window.ResizeAsync(1280, 800);
        await window.VisitAsync(new Uri(program.HtmlReport));
        await LookAsync(window, "wide");
        await window.ResizeAsync(390, 800);
        await LookAsync(window, "narrow");
        var light = await window.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await window.PreferDarkAsync(true);
        Assert.NotEqual(light, await window.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await window.ResizeAsync(1280, 800);
        await LookAsync(window, "dark");
        Assert.Empty(window.Console);
        Assert.Equal(0, await window.EvaluateAsync<int>("performance.getEntriesByType('resource').length"));
    }

    [Fact]
    public async Task Nothing_a_site_says_becomes_markup()
    {
        const string Evil = "<script>document.title='taken'</script>\"'><img src=x onerror=\"document.title='taken'\">";
        var evil = new SiteResult
        {
            Url = new Uri("https://example.org/?" + Uri.EscapeDataString(Evil)),
            Runs =
            [
                new ProtocolRun(VisitProtocol.Http2, new VisitResult
                {
                    Seconds = 1,
                    Errors = new Dictionary<string, long> { [Evil] = 1 },
                    Samples = [new VisitError(DateTimeOffset.UnixEpoch, 0, Evil, Evil, Evil)],
                    Pages = [new PageResult { Page = Evil, First = new() { Finished = 1 } }],
                }),
            ],
            ProxyCounters = [new ProxyCount(Evil, Evil, 1)],
            Timeline = [],
        };
        var report = new ViewsReport
        {
            Outcome = Outcome.Failed,
            Verdict = Evil,
            Remarks = [Evil],
            Command = Evil,
            Date = DateTimeOffset.UnixEpoch,
            Machine = new Machine(2, Evil, 1, Evil, Evil, Evil),
            Pages = [Evil],
            Options = new ViewsOptions { Protocols = [VisitProtocol.Http2], Url = new Uri("https://example.org/") },
            Site = evil,
            Off = evil,
        };
        var html = ReportPage.Of(report);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        using var folder = new LoadProgram();
        await File.WriteAllTextAsync(folder.HtmlReport, html, TestContext.Current.CancellationToken);
        await using var browser = await Browser.StartAsync();
        var window = await browser.OpenWindowAsync();
        Assert.StartsWith("Failed: load test of", (await window.VisitAsync(new Uri(folder.HtmlReport))).Title, StringComparison.Ordinal);
    }

    private static async Task LookAsync(BrowserWindow window, string name)
    {
        // Kept for whoever wants to see it: artifacts/load-report in the clone, and in the tests' report.
        var file = Path.Combine(Repository.Folder, "artifacts", "load-report", name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        TestContext.Current.AddAttachment($"report-{name}.png", await window.ScreenshotAsync(file, wholePage: true), "image/png");
        Assert.Empty(await window.EvaluateAsync<string[]>(Overflowing));
        Assert.Empty(await window.EvaluateAsync<string[]>(TextOutsideItsChart));
        var charts = await window.EvaluateAsync<JsonElement>(Charts);
        Assert.Equal(10, charts.GetArrayLength());
        Assert.All(charts.EnumerateArray(), static c => Assert.True(
            c.GetProperty("width").GetDouble() > 250
                && c.GetProperty("height").GetDouble() > 100
                && c.GetProperty("drawn").GetBoolean(), c.ToString()));
    }
}
