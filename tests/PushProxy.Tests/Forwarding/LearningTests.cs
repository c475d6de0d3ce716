using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class LearningTests
{
    private const string PageA = "<head><link rel=stylesheet href=/a.css><script src=/a.js></script></head><body>A";
    private const string PageB = "<head><link rel=stylesheet href=/b.css></head><body>B";
    private const string LinkA = "</a.css>; rel=preload; as=style, </a.js>; rel=preload; as=script";
    private const string LinkB = "</b.css>; rel=preload; as=style";

    [Fact]
    public async Task A_page_never_seen_is_read_as_it_passes_and_known_from_then_on()
    {
        await using var site = await ProxiedSite.StartAsync(() => PageA);
        var first = await site.GetAsync();
        Assert.StartsWith("head", first.Decision, StringComparison.Ordinal);
        Assert.Equal(LinkA, first.Link);
        var later = await site.UntilAsync("learned");
        Assert.Equal(LinkA, later.Link);
        Assert.Equal(PageA, Encoding.UTF8.GetString(later.Body));
    }

    [Fact]
    public async Task A_changed_page_without_validators_is_learned_anew()
    {
        var html = PageA;
        await using var site = await ProxiedSite.StartAsync(() => html);
        await site.UntilAsync("learned");
        html = PageB;
        await Eventually.EqualAsync(LinkB, async () => (await site.GetAsync()).Link);
    }

    [Fact]
    public async Task A_page_found_unchanged_is_not_looked_at_again_for_a_while()
    {
        var (html, looks) = (PageA, 0);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var site = await ProxiedSite.StartAsync(http => ProxiedSite.Html(http, html), services: s => s.AddSingleton<TimeProvider>(time));
        await site.UntilAsync("learned");
        var store = site.Services.GetRequiredService<PageStore>();
        var key = new PageKey("all", new Uri(site.Address).Authority, "/");
        Variant Known() => store.Find(key, "", new HeaderDictionary()).Exact!;
        while (!Known().IsFresh(time.GetUtcNow(), TimeSpan.FromSeconds(1)))
        {
            Assert.True(++looks < 100);
            await site.GetAsync();
        }

        html = PageB;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LinkA, (await site.GetAsync()).Link);
        }

        Assert.Equal("/a.css", Known().Page.Analysis.Resources[0].Url.AbsolutePath);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.EqualAsync(LinkB, async () => (await site.GetAsync()).Link);
    }

    [Fact]
    public async Task The_only_visitor_of_a_page_gets_its_links_with_every_view()
    {
        await using var site = await ProxiedSite.StartAsync(() => PageA, o => o.Learning = o.Learning with { NamedBy = 2 });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LinkA, (await site.GetAsync()).Link);
        }

        await Eventually.TrueAsync(
            async () => (await site.GetAsync()).Decision?.Contains("not-early=hints-not-possible", StringComparison.Ordinal) == true, () => "The page was never learned.");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LinkA, (await site.GetAsync()).Link);
        }
    }

    [Fact]
    public async Task A_changed_validator_is_noticed_at_once()
    {
        var (html, tag) = (PageA, "\"1\"");
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.ETag = tag;
            return ProxiedSite.Html(http, html);
        });
        await site.UntilAsync("learned");
        (html, tag) = (PageB, "\"2\"");
        var changed = await site.GetAsync();
        Assert.StartsWith("head", changed.Decision, StringComparison.Ordinal);
        Assert.Equal(LinkB, changed.Link);
        Assert.Equal(LinkB, (await site.UntilAsync("learned")).Link);
    }

    [Fact]
    public async Task Versions_that_need_the_same_are_known_side_by_side()
    {
        // Two servers behind one name, each with its own ETag; and two content codings of one page.
        var body = Compress("gzip", PageA);
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            var coded = http.Request.Headers.AcceptEncoding == "gzip";
            http.Response.Headers.ETag = coded ? "\"coded\"" : http.Request.Headers.ContainsKey("X-Other") ? "\"other\"" : "\"one\"";
            http.Response.Headers.ContentEncoding = coded ? "gzip" : default;
            http.Response.ContentType = "text/html";
            return coded ? http.Response.Body.WriteAsync(body).AsTask() : http.Response.WriteAsync(PageA);
        });
        await site.UntilAsync("learned");
        await site.UntilAsync("learned", "/", ("X-Other", "1"));
        await site.UntilAsync("learned", "/", ("Accept-Encoding", "gzip"));
        foreach (var header in new[] { ("X-None", "1"), ("X-Other", "1"), ("Accept-Encoding", "gzip") })
        {
            Assert.StartsWith("learned", (await site.GetAsync("/", header)).Decision, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_known_validator_needs_no_look_at_the_body()
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.ETag = "\"same\"";
            // A lie: the bytes change. That nobody notices proves that nobody looked.
            return ProxiedSite.Html(http, http.Request.Headers.ContainsKey("X-Second") ? PageB : PageA);
        });
        await site.UntilAsync("learned");
        Assert.Equal(LinkA, (await site.GetAsync("/", ("X-Second", "1"))).Link);
    }

    [Fact]
    public async Task A_304_of_a_known_version_says_what_a_200_would_say()
    {
        var tag = "\"1\"";
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch == tag)
            {
                http.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            return ProxiedSite.Html(http, PageA);
        });
        await site.UntilAsync("learned");
        var unchanged = await site.GetAsync("/", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.Status);
        Assert.Equal(LinkA, unchanged.Link);

        // Not for a resource, not for another version, not for a visitor with cookies, not for what is no page to display.
        Assert.Null((await site.GetAsync("/a.css", ("If-None-Match", tag))).Link);
        Assert.Null((await site.GetAsync("/", ("If-None-Match", tag), ("Cookie", "a=b"))).Link);
        Assert.Null((await site.GetAsync("/", ("If-None-Match", tag), ("Sec-Fetch-Dest", "empty"))).Link);
        tag = "\"2\"";
        Assert.Null((await site.GetAsync("/", ("If-None-Match", tag))).Link);
    }

    [Fact]
    public async Task Query_strings_that_do_not_matter_share_what_was_learned()
    {
        await using var site = await ProxiedSite.StartAsync(() => PageA);
        await site.UntilAsync("learned", "/?utm=1");
        Assert.StartsWith("head", (await site.GetAsync("/?utm=2")).Decision, StringComparison.Ordinal);
        await site.UntilAsync("learned", "/?utm=2");
        var third = await site.GetAsync("/?utm=3");
        Assert.StartsWith("shared-path", third.Decision, StringComparison.Ordinal);
        Assert.Equal(LinkA, third.Link);
    }

    [Fact]
    public async Task Query_strings_that_matter_are_kept_apart()
    {
        await using var site = await ProxiedSite.StartAsync(http => ProxiedSite.Html(http, http.Request.Query["page"] == "b" ? PageB : PageA));
        Assert.Equal(LinkA, (await site.UntilAsync("learned", "/?page=a")).Link);
        Assert.Equal(LinkB, (await site.UntilAsync("learned", "/?page=b")).Link);
        Assert.StartsWith("head", (await site.GetAsync("/?page=c")).Decision, StringComparison.Ordinal);
        Assert.Equal(LinkA, (await site.UntilAsync("learned", "/?page=a")).Link);
    }

    [Fact]
    public async Task Headers_named_by_vary_keep_pages_apart()
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.Vary = "Accept-Language, Accept-Encoding";
            return ProxiedSite.Html(http, http.Request.Headers.AcceptLanguage == "de" ? PageB : PageA);
        });
        Assert.Equal(LinkA, (await site.UntilAsync("learned", "/", ("Accept-Language", "en"))).Link);
        Assert.Equal(LinkB, (await site.UntilAsync("learned", "/", ("Accept-Language", "de"))).Link);
        Assert.Equal(LinkA, (await site.UntilAsync("learned", "/", ("Accept-Language", "en"))).Link);
    }

    [Theory]
    [InlineData("Cookie", "session=1")]
    [InlineData("Authorization", "Basic eDp5")]
    public async Task What_a_known_visitor_sees_is_told_to_nobody_else(string name, string value)
    {
        await using var site = await ProxiedSite.StartAsync(http =>
            ProxiedSite.Html(http, http.Request.Headers.ContainsKey(name) ? "<link rel=stylesheet href=/secret.css>" : PageA));
        for (var i = 0; i < 5; i++)
        {
            var own = await site.GetAsync("/", (name, value));
            Assert.StartsWith("head", own.Decision, StringComparison.Ordinal);
            Assert.Contains("/secret.css", own.Link, StringComparison.Ordinal);
        }

        var other = await site.UntilAsync("learned");
        Assert.Equal(LinkA, other.Link);
        Assert.Contains("/secret.css", (await site.GetAsync("/", (name, value))).Link, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_page_is_understood_and_passes_as_it_is(string coding)
    {
        var body = Compress(coding, PageA);
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            if (http.Request.Path != "/")
            {
                return ProxiedSite.Html(http, "");
            }

            http.Response.ContentType = "text/html";
            http.Response.Headers.ContentEncoding = coding;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        Assert.Equal(LinkA, (await site.GetAsync()).Link);
        var learned = await site.UntilAsync("learned");
        Assert.Equal(LinkA, learned.Link);
        Assert.Equal(body, learned.Body);
    }

    [Fact]
    public async Task A_missing_resource_is_hinted_no_more_until_it_is_back()
    {
        var status = 404;
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            if (http.Request.Path == "/a.css" && status == 404)
            {
                http.Response.StatusCode = status;
                return Task.CompletedTask;
            }

            return ProxiedSite.Html(http, PageA);
        });
        await site.UntilAsync("learned");
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/a.css")).Status);
        var without = await site.GetAsync();
        Assert.Equal("</a.js>; rel=preload; as=script", without.Link);
        Assert.Contains("\"/a.css\";as=style;found=head-stylesheet;skip=missing", without.Decision, StringComparison.Ordinal);
        status = 200;
        await site.GetAsync("/a.css");

        // Another client, because this one has it now.
        var other = site.From("127.0.1.1");
        await Eventually.EqualAsync(LinkA, async () => (await other.GetAsync()).Link);
    }

    [Fact]
    public async Task A_page_longer_than_the_limit_is_learned_from_its_beginning()
    {
        await using var site = await ProxiedSite.StartAsync(
            () => PageA + new string('x', 300_000) + "<link rel=stylesheet href=/late.css>",
            o => o.Learning = o.Learning with { MaxPageBytes = 8192 });
        Assert.Equal(LinkA, (await site.UntilAsync("learned")).Link);
    }

    private static byte[] Compress(string coding, string text)
    {
        using var output = new MemoryStream();
        using (Stream coder = coding switch { "gzip" => new GZipStream(output, CompressionLevel.Fastest), "br" => new BrotliStream(output, CompressionLevel.Fastest), _ => new ZLibStream(output, CompressionLevel.Fastest) })
        {
            coder.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }
}
