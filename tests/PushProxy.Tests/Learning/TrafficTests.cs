using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Real servers, HTTP/2 over TLS, and clients that ask as browsers do: for what they need, and what they are told of.</summary>
public class TrafficTests
{
    private const string Html =
        """<html><head><link rel=stylesheet href=/a.css></head><body><h1>Shop</h1><img src=/hero.jpg width=1200 height=600><script src=/theme.js></script></body></html>""";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_stylesheet_that_a_script_adds_is_delivered_once_browsers_were_seen_to_ask_for_it()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 8; i++)
        {
            Assert.DoesNotContain("theme.css", await ViewAsync(site, "/a.css", "/theme.css"));
        }

        // A page of its own connection ends the last view.
        await ViewAsync(site, "/a.css", "/theme.css");
        Assert.Contains("\"/theme.css\";as=style;found=traffic;sent=", await ViewAsync(site, "/a.css", "/theme.css"));
    }

    [Fact]
    public async Task An_image_that_no_browser_asks_for_by_itself_is_delivered_no_more()
    {
        await using var site = await StartAsync();
        var heldOut = 0;
        for (var i = 0; i < 17; i++)
        {
            var decision = await ViewAsync(site, "/a.css");
            heldOut += decision.Contains("\"/hero.jpg\";as=image;found=hero-image;skip=held-out", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(8, heldOut);
        Assert.Contains("\"/hero.jpg\";as=image;found=hero-image;skip=not-used", await ViewAsync(site, "/a.css"));
    }

    [Fact]
    public async Task What_members_ask_for_never_counts()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await ViewAsync(site, ["/a.css", "/theme.css"], ("Cookie", $"session=0123456789abcdef{i}"));
        }

        Assert.DoesNotContain("theme.css", await ViewAsync(site, "/a.css"));
    }

    private async Task<ProxiedSite> StartAsync()
    {
        var site = await ProxiedSite.StartAsync(
            http => http.Request.Path.Value switch
            {
                "/" => PageAsync(http),
                "/a.css" or "/theme.css" => AssetAsync(http, "text/css", "h1 { color: red }"),
                "/theme.js" => AssetAsync(http, "text/javascript", "addStylesheet()"),
                _ => AssetAsync(http, "image/jpeg", "…"),
            },
            options => options.Learning = options.Learning with { HoldOutEvery = 2 },
            services: s => s.AddSingleton<TimeProvider>(_time),
            http2: true);
        await site.UntilAsync("learned");
        return site;
    }

    private static Task PageAsync(HttpContext http)
    {
        http.Response.Headers.ETag = "\"1\"";
        return ProxiedSite.Html(http, Html);
    }

    private static Task AssetAsync(HttpContext http, string type, string content)
    {
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return http.Response.WriteAsync(content);
    }

    private Task<string> ViewAsync(ProxiedSite site, params string[] assets) => ViewAsync(site, assets, []);

    // A browser that has nothing yet. Returns what was decided for the page.
    private async Task<string> ViewAsync(ProxiedSite site, string[] assets, params (string Name, string Value)[] fields)
    {
        using var browser = ProxiedSite.Browser(site.Address);
        using var page = await AskAsync(browser, "/", [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate"), .. fields]);
        foreach (var asset in assets)
        {
            using var answer = await AskAsync(
                browser, asset, [("Sec-Fetch-Dest", "style"), ("Sec-Fetch-Mode", "no-cors"), ("Referer", site.Address + "/"), .. fields]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        return page.Headers.TryGetValues("PushProxy-Decision", out var decision) ? string.Join(" | ", decision) : "";
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient browser, string path, (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await browser.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return response;
    }
}
