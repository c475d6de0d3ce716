using System.Text.Json;
using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Browsing;

/// <summary>What somebody sees who starts the program without an origin and opens the demo.</summary>
public sealed class DemoTests
{
    private static readonly string[] Pages = ["/", "/slow", "/shop", "/blog", "/blog/2016/hello", "/admin"];

    [Fact]
    public async Task The_second_load_names_what_the_page_needs_and_Chromium_uses_all_of_it()
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--PushProxy:Defaults:DebugHeader=true");
        await using var unused = new RawOrigin().On(
            "/", RawRequest.Response("200 OK", "Content-Type: text/html\nLink: </unused.css>; rel=preload; as=style", "<p>"));
        await using var browser = await Browser.StartAsync(certificate.SpkiHash);

        // That Chromium's complaint would be heard: a page that preloads what it does not use.
        var control = await browser.OpenWindowAsync();
        await control.VisitAsync(unused.Url);

        var windows = new List<BrowserWindow>();
        foreach (var page in Pages)
        {
            // Another window has a cache of its own: a 304, which a second load in the same one gets, is no page.
            var first = await browser.OpenWindowAsync();
            await first.VisitAsync(new Uri(proxy.Secure, page));
            await UntilLearnedAsync(proxy, page);
            var window = await browser.OpenWindowAsync();
            windows.Add(window);
            var second = await window.VisitAsync(new Uri(proxy.Secure, page));

            Assert.Equal((200, "h2"), (second.Status, second.Protocol));
            var inspected = await InspectedPage.OfAsync(new Uri(proxy.DemoSite, page));

            // A proxy does not know the screen, which inspect takes to be a desktop's: what depends on it is told with its condition.
            // A font that the 103 named is not in the Link again.
            var conditional = second.Links.Where(l => l.Parameters.ContainsKey("media") || l.Parameters.ContainsKey("imagesrcset"))
                .Select(l => $"{l.As} {l.Target}").ToHashSet();
            Assert.Equal(
                inspected.Delivered.Where(d => !conditional.Contains(d) && !IsFont(d)),
                second.Links.Where(l => l.IsPreload).Select(l => $"{l.As} {l.Target}").Where(d => !conditional.Contains(d) && !IsFont(d)));
            Assert.NotEmpty(second.Links);
        }

        await Task.WhenAll(windows.Append(control).Select(w => w.UntilPreloadsAreCheckedAsync()));
        Assert.NotEmpty(control.UnusedPreloads);
        Assert.Empty(windows.SelectMany(w => w.UnusedPreloads));
    }

    [Fact]
    public async Task Its_home_page_names_stylesheets_then_scripts_then_what_is_found_late()
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--PushProxy:Defaults:DebugHeader=true");
        await using var browser = await Browser.StartAsync(certificate.SpkiHash);
        await (await browser.OpenWindowAsync()).VisitAsync(proxy.Secure);
        await UntilLearnedAsync(proxy, "/");
        var window = await browser.OpenWindowAsync();
        var visit = await window.VisitAsync(proxy.Secure);
        Assert.Equal(
            ["style /css/framework.css", "style /css/theme.css", "style /css/webfont.css", "script /js/dollar.js",
                "script /js/site.js", "image /img/hero.jpg"],
            visit.Links.Where(l => !l.Parameters.ContainsKey("media")).Select(l => $"{l.As} {l.Target}").Where(l => !IsFont(l)));
        Assert.Contains(
            "/fonts/fernhill.woff2\";as=font;found=stylesheet-font;sent=",
            visit.Headers.Single(h => h.Name == "pushproxy-decision").Value,
            StringComparison.Ordinal);
        Assert.DoesNotContain(window.Console, m => m.StartsWith("uncaught", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Curl_sees_with_the_second_request_what_the_start_message_says()
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate);

        // It comes after the addresses, which the test waited for.
        await Eventually.TrueAsync(
            () => proxy.Log.Contains("From a shell, twice:  curl -sk -o /dev/null -D - ", StringComparison.Ordinal),
            () => $"The start message does not say it.\n{proxy.Log}");
        Assert.Equal(["HTTP/2 200"], (await Curl.HeadsAsync(proxy.Secure)).Select(h => h.StartLine.Trim()));

        // A person takes longer than this for the second.
        await Eventually.TrueAsync(
            async () => await SizesKnownAsync(proxy) >= 7, () => $"The page was never learned.\n{proxy.Log}");
        IReadOnlyList<Head> second = [];
        await Eventually.TrueAsync(
            async () => (second = [.. await Curl.HeadsAsync(proxy.Secure)]).Count > 1, () => $"No 103 came.\n{proxy.Log}");
        Assert.Equal(["HTTP/2 103", "HTTP/2 200"], second.Select(h => h.StartLine.Trim()));
        Assert.Contains("/css/framework.css", second[0].Preloads());
    }

    // Of the resources that known pages need, how many may be told.
    private static async Task<int> SizesKnownAsync(PushProxyProcess proxy)
    {
        using var client = new HttpClient();
        using var pages = JsonDocument.Parse(await client.GetStringAsync(new Uri(proxy.Management, "/pages")));
        return pages.RootElement.GetProperty("pages").EnumerateArray()
            .SelectMany(p => p.GetProperty("resources").EnumerateArray())
            .Count(r => r.GetProperty("size").ValueKind == JsonValueKind.Number);
    }

    private static bool IsFont(string delivered) => delivered.StartsWith("font ", StringComparison.Ordinal);

    // Learning is beside the request path, and one visitor's page is told to nobody before another was sent the same.
    private static Task UntilLearnedAsync(PushProxyProcess proxy, string page) =>
        EarlySite.UntilToldAsync(new Uri(proxy.Secure, page), () => proxy.Log, "learned");
}
