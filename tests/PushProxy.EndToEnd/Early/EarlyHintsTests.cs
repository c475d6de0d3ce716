using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Who gets a 103, who gets none, and what is in it.</summary>
public sealed class EarlyHintsTests(EarlySite site) : IClassFixture<EarlySite>
{
    private static readonly string[] FromTheOrigin = ["content-type", "content-length", "date", "x-kind", "pushproxy-decision"];
    private static readonly TimeSpan ManyRoundTrips = TimeSpan.FromMilliseconds(300);

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

    // Chromium does not paint before it has the fonts that the page's own Link preloads. It does not wait for what only a 103 named.
    [Fact]
    public async Task The_page_does_not_preload_again_a_font_that_a_103_named()
    {
        site.Origin.Files("/font/a.css");
        site.Origin.On("/font/a.woff2", "200 OK", "Content-Type: font/woff2\nCache-Control: max-age=600", "font");
        site.Origin.Page("/font/", "<link rel=stylesheet href=a.css><style>@font-face{font-family:F;src:url(/font/a.woff2)}body{font-family:F}</style>");
        await site.LearnAsync("/font/");

        await using var acts = NodeConnection.Open(site.Proxy.Secure, push: false);
        var seen = await ViewAsync(acts, async () => Assert.Equal(200, (await acts.GetAsync("/font/a.css")).Status));
        Assert.Equal(["/font/a.css", "/font/a.woff2"], seen.Hinted);
        Assert.Equal(["/font/a.css"], seen.Linked);
        Assert.Contains("a.woff2\";as=font;found=stylesheet-font;sent=early-hints", seen.Decision, StringComparison.Ordinal);
        seen = await ViewAsync(acts, () => Task.Delay(ManyRoundTrips));
        Assert.Contains("/font/a.woff2", seen.Hinted);
        Assert.DoesNotContain("/font/a.woff2", seen.Linked);

        // A client that asks for nothing after a 103 does not act on it. It needs the page's own Link.
        await using var other = NodeConnection.Open(site.Proxy.Secure, push: false);
        seen = await ViewAsync(other, () => Task.Delay(ManyRoundTrips));
        Assert.Equal(["/font/a.css", "/font/a.woff2"], seen.Linked);

        // What the page itself names is asked for by any client.
        await other.GetAsync("/font/a.css");
        seen = await ViewAsync(other, () => Task.Delay(ManyRoundTrips));
        Assert.Equal(["/font/a.woff2"], seen.Linked);

        async Task<NodeAnswer> ViewAsync(NodeConnection client, Func<Task> meanwhile)
        {
            var held = site.Origin.Hold("/font/");
            var viewing = client.GetAsync("/font/", "accept: text/html");
            await held.ArrivedAsync();
            await meanwhile();
            held.Release();
            return await viewing;
        }
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
