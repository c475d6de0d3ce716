using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>When nothing is added, and that the reason is told.</summary>
public class DecisionTests
{
    private const string Page = "<head><link rel=stylesheet href=/a.css></head>";

    [Theory]
    [InlineData("document")]
    [InlineData("iframe")]
    public async Task Pages_for_display_are_delivered(string destination)
    {
        await using var site = await ProxiedSite.StartAsync(() => Page);
        Assert.NotNull((await site.GetAsync("/", ("Sec-Fetch-Dest", destination))).Link);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("image")]
    [InlineData("script")]
    public async Task What_is_not_for_display_is_not(string destination)
    {
        await using var site = await ProxiedSite.StartAsync(() => Page);
        var answer = await site.GetAsync("/", ("Sec-Fetch-Dest", destination));
        Assert.Null(answer.Link);
        Assert.Equal("none;skip=not-navigation", answer.Decision);
    }

    [Theory]
    [InlineData("frame", "Sec-Fetch-Dest", "iframe")]
    [InlineData("prefetch", "Sec-Purpose", "prefetch")]
    [InlineData("range-request", "Range", "bytes=0-")]
    [InlineData("hints-not-possible", "Accept", "text/html")]
    [InlineData("personalised", "Cookie", "session=1")]
    public async Task Why_nothing_went_before_the_origin_was_asked_is_told(string reason, string name, string value)
    {
        await using var site = await ProxiedSite.StartAsync(() => Page);
        await site.UntilAsync("learned");
        if (name == "Cookie")
        {
            // Everyone's page may be told to this one, too: of one that only one visitor was sent nothing may.
            await using var personal = await ProxiedSite.StartAsync(() => Page);
            await Eventually.AnswerAsync(
                async () => (await personal.GetAsync("/", (name, value))).Decision!,
                static decision => decision.Contains(";not-early=personalised", StringComparison.Ordinal),
                "not-early=personalised");

            return;
        }

        Assert.Contains($";not-early={reason}", (await site.GetAsync("/", (name, value))).Decision, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveryMode.Link, "channel-off")]
    [InlineData(DeliveryMode.Push, "not-http2")]
    [InlineData(DeliveryMode.EarlyHints, "hints-not-possible")]
    public async Task And_what_the_policy_has_to_do_with_it(DeliveryMode mode, string reason)
    {
        await using var site = await ProxiedSite.StartAsync(() => Page, o => o.Defaults = o.Defaults with { Delivery = mode });
        Assert.StartsWith("head;not-early=unknown,", (await site.GetAsync()).Decision, StringComparison.Ordinal);
        Assert.StartsWith($"learned;not-early={reason},", (await site.UntilAsync("learned")).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public Task An_unknown_coding() => SkipsAsync("unsupported-encoding", http => http.Response.Headers.ContentEncoding = "compress");

    [Fact]
    public Task A_page_of_which_no_two_are_alike() => SkipsAsync("vary-any", http => http.Response.Headers.Vary = "*");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("text/htmlx")]
    public async Task Other_types_pass_without_a_word(string type)
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.ContentType = type;
            return http.Response.WriteAsync(Page);
        });
        var answer = await site.GetAsync();
        Assert.Null(answer.Link);
        Assert.Null(answer.Decision);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(206)]
    public async Task Other_statuses_pass_without_a_word(int status)
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return ProxiedSite.Html(http, Page);
        });
        Assert.Null((await site.GetAsync()).Decision);
    }

    [Fact]
    public async Task A_route_that_is_off_passes_and_is_not_learned()
    {
        await using var site = await ProxiedSite.StartAsync(http => ProxiedSite.Html(http, Page), policy: "off");
        var answer = await site.GetAsync();
        Assert.Null(answer.Link);
        Assert.Equal("none;skip=off", answer.Decision);
    }

    [Fact]
    public async Task A_route_picks_its_policy()
    {
        await using var site = await ProxiedSite.StartAsync(
            http => ProxiedSite.Html(http, Page), o => o.Policies["tiny"] = o.Defaults with { MaxLinkBytes = 10 }, policy: "Tiny");
        Assert.Contains("skip=over-link-limit", (await site.GetAsync()).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_names_no_policy_there_is_does_not_start() =>
        Assert.Contains("'nonsense'", (await Assert.ThrowsAnyAsync<Exception>(
            () => ProxiedSite.StartAsync(http => ProxiedSite.Html(http, Page), policy: "nonsense"))).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task The_debug_header_is_off_by_default()
    {
        await using var site = await ProxiedSite.StartAsync(() => Page, o => o.Defaults = new DeliveryPolicy());
        var answer = await site.GetAsync();
        Assert.NotNull(answer.Link);
        Assert.Null(answer.Decision);
    }

    [Fact]
    public async Task The_origins_own_links_stay_and_are_not_repeated()
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.Link = "</a.css>; rel=preload; as=style; nopush, </next>; rel=next";
            return ProxiedSite.Html(http, Page + "<script src=/b.js></script>");
        });
        foreach (var source in new[] { "head", "learned" })
        {
            var answer = await site.UntilAsync(source);
            Assert.Equal("</a.css>; rel=preload; as=style; nopush, </next>; rel=next, </b.js>; rel=preload; as=script", answer.Link);
            Assert.Contains("skip=origin-link", answer.Decision, StringComparison.Ordinal);
        }
    }

    private static async Task SkipsAsync(string reason, Action<HttpContext> response)
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            response(http);
            return ProxiedSite.Html(http, Page);
        });
        var answer = await site.GetAsync();
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Null(answer.Link);
        Assert.Equal($"none;skip={reason}", answer.Decision);
    }
}
