using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Browsing;

/// <summary>The program in front of a site that a stock web server serves from a folder.</summary>
public sealed class NginxTests
{
    private static readonly Dictionary<string, string> Site = new()
    {
        ["index.html"] = """
            <!doctype html><html><head><title>Folder</title>
            <link rel="stylesheet" href="css/base.css"><link rel="stylesheet" href="/css/theme.css?v=2">
            <link rel="stylesheet" href="css/print.css" media="print"><link rel="alternate stylesheet" title="x" href="css/dark.css">
            <script src="js/app.js"></script><script async src="js/stats.js"></script>
            <noscript><link rel="stylesheet" href="css/noscript.css"></noscript><!-- <script src="js/dead.js"></script> -->
            </head><body><h1>Folder</h1><img src="img/dot.svg"></body></html>
            """,
        ["css/base.css"] = "h1 { color: rgb(1, 2, 3) }",
        ["css/theme.css"] = "body { margin: 0 }",
        ["css/print.css"] = "h1 { color: black }",
        ["css/dark.css"] = "h1 { color: white }",
        ["js/app.js"] = "window.appRan = true",
        ["js/stats.js"] = "window.statsRan = true",
        ["img/dot.svg"] = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
        ["favicon.ico"] = "",
    };

    private static readonly string[] Needed = ["style /css/base.css", "style /css/theme.css?v=2", "script /js/app.js"];

    [Fact]
    public async Task A_folder_served_by_nginx_loads_with_its_preloads_each_file_once()
    {
        await using var nginx = await NginxOrigin.StartAsync(Site);
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--origin", nginx.Url.AbsoluteUri);
        await using var browser = await Browser.StartAsync(certificate.SpkiHash);
        await (await browser.OpenWindowAsync()).VisitAsync(proxy.Secure);

        // Learning reads stylesheets and images for itself, once.
        await proxy.UntilPrintedAsync("Learned ");
        var before = nginx.Requested.Count;

        var window = await browser.OpenWindowAsync();
        var visit = await window.VisitAsync(proxy.Secure);

        Assert.Equal((200, "h2", "Folder"), (visit.Status, visit.Protocol, visit.Title));
        Assert.Equal(Needed, visit.Links.Select(l => $"{l.As} {l.Target}"));
        Assert.Equal("rgb(1, 2, 3)", await window.EvaluateAsync<string>("getComputedStyle(document.querySelector('h1')).color"));
        Assert.True(await window.EvaluateAsync<bool>("window.appRan"));
        await window.UntilPreloadsAreCheckedAsync();
        Assert.Empty(window.UnusedPreloads);
        var requested = nginx.Requested.Skip(before).ToArray();
        Assert.Equal(requested.Distinct(), requested);
        Assert.Contains("/css/base.css", requested);
    }

    [Fact]
    public async Task Inspect_agrees_with_what_is_sent_and_says_why_not_the_rest()
    {
        await using var nginx = await NginxOrigin.StartAsync(Site);
        var inspected = await InspectedPage.OfAsync(nginx.Url);
        Assert.Equal(Needed, inspected.Delivered);
        Assert.Equal(
            ["alternate /css/dark.css", "async-script /js/stats.js", "media-never-matches /css/print.css", "not-largest /img/dot.svg"],
            inspected.Skipped.Order());
    }

    [Fact]
    public async Task Curl_over_HTTP_1_gets_the_links_too()
    {
        await using var nginx = await NginxOrigin.StartAsync(Site);
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--origin", nginx.Url.AbsoluteUri);
        foreach (var url in new[] { proxy.Secure, proxy.Cleartext })
        {
            string[] command =
            [
                "--silent", "--show-error", "--http1.1", "--cacert", certificate.CertificateFile, "--dump-header", "-", "--output",
                "/dev/null", url.AbsoluteUri,
            ];
            await ExternalTool.RunAsync("curl", command);
            var second = await ExternalTool.RunAsync("curl", command);
            Assert.True(second.ExitCode == 0, second.Error);
            var lines = second.Output.Split("\r\n");
            Assert.Equal("HTTP/1.1 200 OK", lines[0]);
            var links = lines.Where(l => l.StartsWith("Link: ", StringComparison.OrdinalIgnoreCase))
                .SelectMany(l => LinkValue.Parse(l["Link: ".Length..]));
            Assert.Equal(Needed, links.Select(l => $"{l.As} {l.Target}"));
        }
    }
}
