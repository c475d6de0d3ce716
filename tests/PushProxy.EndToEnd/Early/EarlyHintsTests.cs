using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Who gets a 103, who gets none, and what is in it.</summary>
public sealed class EarlyHintsTests(EarlySite site) : IClassFixture<EarlySite>
{
    private static readonly string[] FromTheOrigin = ["content-type", "content-length", "date", "x-kind", "pushproxy-decision"];

    [Fact]
    public async Task A_client_that_refuses_pushes_gets_one_103_while_the_origin_thinks()
    {
        await site.LearnAsync("/hinted/", "/hinted/a.css", "/hinted/b.js");
        var held = site.Origin.Hold("/hinted/");

        await using var client = Nghttp.Get(site.Url("/hinted/"), "--no-push");
        await client.UntilAsync(t => t.Hints.Count > 0, "a 103 while the page is held back");
        Assert.Null(client.Trace.Page);
        held.Release();
        var seen = await client.EndAsync();

        var hint = Assert.Single(seen.Hints);
        Assert.Equal([":status", "link"], hint.Fields.Select(f => f.Name));
        Assert.Equal(["/hinted/a.css", "/hinted/b.js"], hint.Preloads);
        Assert.Equal(["style", "script"], hint.Links.Select(l => l.As));
        Assert.Equal(hint.Links.Select(l => l.ToString()), seen.Page!.Links.Select(l => l.ToString()));
        Assert.Equal((200, "complete"), (seen.Page.Status, seen.PageEnd));
        Assert.Empty(seen.Promised);
        Assert.Empty(seen.Errors);
        Assert.Contains("sent=early-hints", seen.Page.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_103_but_its_links_is_in_the_response()
    {
        await site.LearnAsync("/leak/", "/leak/a.css");
        var seen = await Nghttp.RunAsync(site.Url("/leak/"), "--no-push", "accept: text/html");
        Assert.Single(seen.Hints);
        Assert.Empty(seen.Page!.Fields.Select(f => f.Name).Except([":status", "link", .. FromTheOrigin]));
        Assert.Single(seen.Page.Fields, f => f.Name == "link");
    }

    [Fact]
    public async Task What_depends_on_the_screen_waits_for_the_document()
    {
        site.Origin.Files("/wide/a.css", "/wide/wide.css");
        site.Origin.Page("/wide/", "<link rel=stylesheet href=a.css><link rel=stylesheet href=wide.css media='(min-width: 70em)'>");
        await site.LearnAsync("/wide/");
        var seen = await Nghttp.RunAsync(site.Url("/wide/"), "--no-push", "accept: text/html");
        Assert.Equal(["/wide/a.css"], seen.Hints.Single().Preloads);
        Assert.Equal(["/wide/a.css", "/wide/wide.css"], seen.Page!.Preloads);
    }

    [Theory]
    [InlineData("accept: text/html,application/xhtml+xml,*/*;q=0.8")]
    [InlineData("sec-fetch-dest: document", "sec-fetch-mode: navigate")]
    [InlineData("accept: */*")]
    public async Task A_navigation_is_told_by_what_the_client_says(params string[] fields)
    {
        await site.LearnAsync("/navigation/", "/navigation/a.css");
        Assert.Single((await Nghttp.RunAsync(site.Url("/navigation/"), ["--no-push", .. fields])).Hints);
        Assert.Equal(["/navigation/a.css"], (await Nghttp.RunAsync(site.Url("/navigation/"), fields)).Promised);
    }

    [Theory]
    [InlineData("sec-fetch-dest: iframe", "sec-fetch-mode: navigate")]
    [InlineData("sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-purpose: prefetch")]
    [InlineData("accept: text/html", "sec-purpose: prefetch;prerender")]
    [InlineData("accept: text/html", "purpose: prefetch")]
    [InlineData("accept: text/html", "range: bytes=0-9")]
    [InlineData("accept: text/html", "x-requested-with: XMLHttpRequest")]
    [InlineData("sec-fetch-dest: empty", "sec-fetch-mode: cors")]
    [InlineData("sec-fetch-dest: document", "sec-fetch-mode: cors")]
    [InlineData("sec-fetch-dest: image", "sec-fetch-mode: no-cors")]
    [InlineData("accept: text/css,*/*;q=0.1")]
    [InlineData("accept: image/avif,image/webp,*/*;q=0.8")]
    [InlineData("accept: application/json")]
    public async Task What_is_no_navigation_of_a_window_gets_neither_103_nor_push(params string[] fields)
    {
        await site.LearnAsync("/others/", "/others/a.css");
        var pushable = await Nghttp.RunAsync(site.Url("/others/"), fields);
        var unpushable = await Nghttp.RunAsync(site.Url("/others/"), ["--no-push", .. fields]);
        foreach (var seen in new[] { pushable, unpushable })
        {
            Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
            Assert.Empty(seen.Promised);
            Assert.Empty(seen.Hints);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    public async Task Only_GET_is_a_view_of_a_page(string method)
    {
        await site.LearnAsync("/methods/", "/methods/a.css");
        var seen = await Nghttp.RunAsync(site.Url("/methods/"), $":method: {method}", "accept: text/html");
        Assert.Empty(seen.Promised);
        seen = await Nghttp.RunAsync(site.Url("/methods/"), "--no-push", $":method: {method}", "accept: text/html");
        Assert.Empty(seen.Hints);
    }
}
