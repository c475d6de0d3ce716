using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>What could have been pushed and was not says why, and is linked instead.</summary>
public sealed class ReasonTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Html = "accept: text/html";

    [Fact]
    public async Task A_client_that_takes_one_push_at_a_time_is_promised_one()
    {
        await site.LearnAsync("/limit/", "/limit/a.css", "/limit/b.css", "/limit/c.css");
        var style = site.Origin.Hold("/limit/a.css");
        await using var client = Nghttp.Get(site.Url("/limit/"), Html, "--max-concurrent-streams=1");
        await client.UntilAsync(t => t.Page is not null, "the page while the first push is held back");
        style.Release();
        var seen = await client.EndAsync();
        Assert.Equal(["/limit/a.css"], seen.Promised);
        Assert.Equal("complete", seen.Pushed("/limit/a.css")!.End);
        Assert.Equal(["/limit/b.css", "/limit/c.css"], seen.Page!.Preloads);
        Assert.Equal(2, Count(seen.Page.Decision, "sent=link;not-pushed=push-limit"));
        Assert.Empty(seen.Errors);
    }

    [Fact]
    public async Task A_client_that_takes_no_pushed_responses_is_promised_none()
    {
        await site.LearnAsync("/zero/", "/zero/a.css");
        var seen = await Nghttp.RunAsync(site.Url("/zero/"), Html, "--max-concurrent-streams=0");
        Assert.Empty(seen.Promised);
        Assert.Equal(["/zero/a.css"], seen.Page!.Preloads);
    }

    [Fact]
    public async Task What_is_being_pushed_is_not_pushed_again_on_the_same_connection()
    {
        await site.LearnAsync("/twice/", "/twice/a.css");
        var style = site.Origin.Hold("/twice/a.css");

        // Asked for twice at once, over one connection.
        await using var client = Nghttp.Get(site.Url("/twice/"), Html, "--multiply=2");
        await client.UntilAsync(t => Pages(t).Count == 2, "both pages while the push is held back");
        style.Release();
        var seen = await client.EndAsync();

        Assert.Equal(["/twice/a.css"], seen.Promised);
        Assert.Equal(1, Pages(seen).Count(p => p.Decision.Contains("sent=push", StringComparison.Ordinal)));
        Assert.Equal(1, Pages(seen).Count(p => p.Decision.Contains("not-pushed=under-way", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_without_any_says_so()
    {
        await site.LearnAsync("/nothing/", []);
        var seen = await Nghttp.RunAsync(site.Url("/nothing/"), Html);
        Assert.Equal("learned;skip=nothing-critical", seen.Page!.Decision);
    }

    [Theory]
    [InlineData("vary-any", "Vary: *")]
    [InlineData("unsupported-encoding", "Content-Encoding: compress")]
    public async Task A_page_that_is_not_looked_at_says_why(string reason, string header)
    {
        site.Origin.Page($"/{reason}/", EarlySite.Elements("/a.css"), header);
        var seen = await Nghttp.RunAsync(site.Url($"/{reason}/"), Html);
        Assert.Equal($"none;skip={reason}", seen.Page!.Decision);
        Assert.Empty(seen.Promised);
        Assert.Empty(seen.Page.Links);
        await Eventually.TrueAsync(
            async () => await site.Proxy.MetricAsync("pushproxy_learning_skipped_total", $"reason=\"{reason}\"") == 1,
            () => $"'{reason}' was never counted.");
    }

    [Theory]
    [InlineData("not-html", "xhtml", "Content-Type: application/xhtml+xml")]
    [InlineData("not-html", "typeless", "X-Kind: page")]
    [InlineData("attachment", "download", "Content-Type: text/html\nContent-Disposition: attachment; filename=a.html")]
    public async Task What_is_no_page_says_why_and_nothing_is_added_to_it(string reason, string folder, string headers)
    {
        site.Origin.On($"/{folder}/", "200 OK", headers, ScriptedSite.Html(EarlySite.Elements("/a.css")));
        var seen = await Nghttp.RunAsync(site.Url($"/{folder}/"), Html, "sec-fetch-dest: document");
        Assert.Equal($"none;skip={reason}", seen.Page!.Decision);
        Assert.Empty(seen.Promised);
        Assert.Empty(seen.Page.Links);
    }

    [Fact]
    public async Task What_is_fetched_and_not_displayed_is_no_page()
    {
        await site.LearnAsync("/fetched/", "/fetched/a.css");
        var seen = await Nghttp.RunAsync(site.Url("/fetched/"), "sec-fetch-dest: empty", "sec-fetch-mode: cors");
        Assert.Equal("none;skip=not-navigation", seen.Page!.Decision);
        Assert.Empty(seen.Page.Links);
    }

    private static List<Http2Frame> Pages(Http2Trace seen) =>
        [.. seen.Frames.Where(f => f is { Sent: false, Type: "HEADERS", Status: 200 } && f["content-type"] == "text/html")];

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
