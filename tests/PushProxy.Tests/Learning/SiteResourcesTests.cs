using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache;
using PushProxy.Testing;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Stylesheets are read for what they name: fetched through the proxy's own routes, once per version, and never to a page's harm.</summary>
public class SiteResourcesTests
{
    private const string Page = "<!doctype html><head><link rel=stylesheet href=/a.css></head><body><p>Text</p>";
    private const string Css = "@font-face{font-family:F;src:url(/fonts/f.woff2) format('woff2')}p{font-family:F}";
    private const string LinkOfPage = "</a.css>; rel=preload; as=style";

    private readonly ConcurrentDictionary<string, int> _asked = new();
    private Func<HttpContext, Task> _sheet = http => Write(http, Css);

    [Fact]
    public async Task A_font_that_text_of_the_page_uses_is_delivered()
    {
        await using var site = await StartAsync();
        Assert.Contains("</fonts/f.woff2>; rel=preload; as=font; crossorigin", (await site.UntilAsync("learned")).Link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_of_many_pages_is_fetched_once()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await site.UntilAsync("learned", $"/{i}");
        }

        Assert.Equal(1, _asked["/a.css"]);
    }

    [Fact]
    public async Task A_new_version_of_a_sheet_is_read_although_the_page_is_the_same()
    {
        await using var site = await StartAsync();
        await site.UntilAsync("learned");
        _sheet = http => Write(http, Css.Replace("/fonts/f.woff2", "/fonts/new.woff2", StringComparison.Ordinal), "\"2\"");

        // A visitor's browser asks for it, and so the proxy sees that it is another.
        await site.GetAsync("/a.css");
        await UntilAsync(site, link => link.Contains("/fonts/new.woff2", StringComparison.Ordinal) && !link.Contains("/fonts/f.woff2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("prefix")]
    [InlineData("group")]
    [InlineData("all")]
    public async Task What_was_asked_for_before_a_purge_is_not_kept_after_it(string purged)
    {
        var old = new TaskCompletionSource();
        _sheet = async http =>
        {
            await old.Task;
            await Write(http, Css);
        };
        await using var site = await StartAsync();
        await site.GetAsync();
        await Eventually.TrueAsync(() => _asked.ContainsKey("/a.css"), static () => "It was never fetched.");

        _sheet = http => Write(http, Css.Replace("/fonts/f.woff2", "/fonts/new.woff2", StringComparison.Ordinal), "\"2\"");
        var purge = site.Services.GetRequiredService<HttpCachePurge>();
        _ = purged switch
        {
            "url" => purge.Url(new Uri(site.Address + "/a.css")),
            "group" => purge.Group(new Uri(site.Address), "any"),
            "prefix" => purge.Prefix(new Uri(site.Address + "/a")),
            _ => purge.All(),
        };
        old.SetResult();
        await UntilAsync(site, static link => link.Contains("/fonts/new.woff2", StringComparison.Ordinal));
        Assert.Equal(2, _asked["/a.css"]);
    }

    [Theory]
    [InlineData("error", "skip=not-answered")]
    [InlineData("broken off", "skip=not-")] // not-kept or not-answered: its head may have come or not
    [InlineData("too long", "sent=link")]
    [InlineData("another type", "skip=other-type")]
    [InlineData("broken coding", "sent=link")]
    [InlineData("hanging", "skip=not-answered")]
    public async Task A_sheet_that_is_not_to_be_had_costs_what_it_names(string trouble, string outcome)
    {
        var ended = new TaskCompletionSource();
        _sheet = trouble switch
        {
            "error" => http => Answer(http, 500),
            "broken off" => async http =>
            {
                http.Response.ContentType = "text/css";
                http.Response.ContentLength = 100_000;
                await http.Response.WriteAsync(Css);
                http.Abort();
            }
            ,
            "too long" => http => Write(http, Css + new string(' ', 100_000)),
            "another type" => http => WriteHtml(http, Css),
            "broken coding" => http =>
            {
                http.Response.Headers.ContentEncoding = "gzip";
                return Write(http, Css);
            }
            ,
            _ => _ => ended.Task,
        };
        await using var site = await StartAsync(o => o.Learning = o.Learning with { MaxStylesheetBytes = 64 * 1024 });
        var answer = await Eventually.AnswerAsync(
            () => site.GetAsync(),
            answer => answer.Decision?.StartsWith("learned", StringComparison.Ordinal) == true
                && answer.Decision.Contains(outcome, StringComparison.Ordinal),
            outcome);
        Assert.Equal(outcome == "sent=link" ? LinkOfPage : null, answer.Link);
        ended.SetResult();
    }

    [Fact]
    public async Task What_one_visitors_page_names_is_not_asked_for()
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            _asked.AddOrUpdate(http.Request.Path, 1, static (_, count) => count + 1);
            return http.Request.Path == "/"
                ? ProxiedSite.Html(http, $"<link rel=stylesheet href=/a.css><link rel=stylesheet href=/{http.Request.Cookies["session"]}.css><p>")
                : Write(http, Css);
        });
        await site.GetAsync("/", ("Cookie", "session=alice"));
        await site.GetAsync("/", ("Cookie", "session=bob"));

        // What they have in common may be asked for, once it is known that it is.
        await Eventually.TrueAsync(
            async () =>
            {
                await site.GetAsync("/", ("Cookie", "session=carol"));
                return _asked.ContainsKey("/a.css");
            },
            () => $"What all have in common was never asked for, but {string.Join(", ", _asked.Keys)}.");

        Assert.DoesNotContain(_asked.Keys, p => p is "/alice.css" or "/bob.css" or "/carol.css");
    }

    [Fact]
    public async Task A_sheet_that_is_no_sheet_but_a_page_is_not_learned_as_one()
    {
        _sheet = http => WriteHtml(http, "<link rel=stylesheet href=/other.css>");
        await using var site = await StartAsync();
        await site.UntilAsync("learned");
        Assert.StartsWith("head", (await site.GetAsync("/a.css", ("Accept", "text/html"))).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_size_of_images_is_read_from_their_beginning_to_find_the_largest()
    {
        await using var site = await ProxiedSite.StartAsync(http => http.Request.Path.Value switch
        {
            "/small.png" => Png(http, 60, 40, 500),
            "/large.png" => Png(http, 1000, 500, 300_000),
            _ => ProxiedSite.Html(http, "<!doctype html><head></head><body><img src=/small.png><img src=/large.png><p>Text</p>"),
        });
        Assert.Equal("</large.png>; rel=preload; as=image", (await site.UntilAsync("learned")).Link);
    }

    // The signature and the header chunk (PNG §11.2.2); what follows does not matter.
    private static Task Png(HttpContext http, int width, int height, int length)
    {
        var bytes = new byte[length];
        byte[] head = [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8];
        head.CopyTo(bytes, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        http.Response.ContentType = "image/png";
        http.Response.Headers.ETag = "\"1\"";
        http.Response.ContentLength = length;
        return http.Response.Body.WriteAsync(bytes).AsTask();
    }

    private Task<ProxiedSite> StartAsync(Action<PushProxyOptions>? configure = null) => ProxiedSite.StartAsync(
        http =>
        {
            _asked.AddOrUpdate(http.Request.Path, 1, static (_, count) => count + 1);
            return http.Request.Path == "/a.css" ? _sheet(http) : ProxiedSite.Html(http, Page);
        },
        configure);

    private static Task<string> UntilAsync(ProxiedSite site, Func<string, bool> condition) =>
        Eventually.AnswerAsync(async () => (await site.GetAsync()).Link ?? "", condition, "another Link");

    private static Task Write(HttpContext http, string css, string tag = "\"1\"")
    {
        http.Response.ContentType = "text/css";
        http.Response.Headers.ETag = tag;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(css)).AsTask();
    }

    private static Task WriteHtml(HttpContext http, string html)
    {
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync(html);
    }

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
