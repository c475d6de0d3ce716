using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>What nghttp is pushed, and when.</summary>
public sealed class PushTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Fact]
    public async Task A_learned_page_has_its_resources_pushed_while_the_origin_thinks()
    {
        site.Origin.Files("/known/a.css", "/known/b.js", "/known/late.js");
        site.Origin.Page(
            "/known/",
            "<link rel=stylesheet href=a.css><link rel=stylesheet href=print.css media=print><script src=b.js></script><script defer "
            + "src=late.js></script>");
        await site.LearnAsync("/known/");
        var held = site.Origin.Hold("/known/");

        await using var client = Nghttp.Get(site.Url("/known/"));
        await client.UntilAsync(
            t => t.Pushed("/known/a.css")?.End is not null
                && t.Pushed("/known/b.js")?.End is not null, "two pushes while the page is held back");
        Assert.Null(client.Trace.Page);
        held.Release();
        var seen = await client.EndAsync();

        Assert.Equal(["/known/a.css", "/known/b.js"], seen.Promised);
        Assert.All(
            seen.Promises, p => Assert.Equal((200, "complete"), (seen.Pushed(p[":path"]!)!.Answer?.Status, seen.Pushed(p[":path"]!)!.End)));
        Assert.All(seen.Promises, p => Assert.True(seen.IndexOf(p) < seen.IndexOf(seen.Page!), seen.Text));
        Assert.Equal("/* /known/a.css */".Length, seen.Pushed("/known/a.css")!.Bytes);
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Empty(seen.Page.Links);
        Assert.Empty(seen.Hints);
        Assert.Empty(seen.Errors);
        Assert.StartsWith("learned, ", seen.Page.Decision, StringComparison.Ordinal);
        Assert.Equal(2, Count(seen.Page.Decision, "sent=push"));
    }

    [Fact]
    public async Task A_page_never_seen_has_the_resources_of_its_head_pushed_before_its_first_byte()
    {
        site.Origin.Files("/first/a.css", "/first/b.js");
        var rest = new TaskCompletionSource();
        site.Origin.On("/first/", async request =>
        {
            const string Head = "<!doctype html><head><link rel=stylesheet href=a.css><script src=b.js></script></head>";
            const string Body = "<body>text</body>";
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Head.Length + Body.Length}\r\n\r\n{Head}");
            await rest.Task;
            await request.WriteAsync(Body);
        });

        await using var client = Nghttp.Get(site.Url("/first/"));
        await client.UntilAsync(t => t.PageBytes > 0, "the first bytes of a page whose rest is held back");
        var early = client.Trace;
        rest.SetResult();
        var seen = await client.EndAsync();

        Assert.Equal(["/first/a.css", "/first/b.js"], early.Promised);
        Assert.All(early.Promises, p => Assert.True(early.IndexOf(p) < early.IndexOf(early.Page!), early.Text));
        Assert.All(seen.Promised, p => Assert.Equal("complete", seen.Pushed(p)!.End));
        Assert.StartsWith("head;not-early=unknown, ", seen.Page!.Decision, StringComparison.Ordinal);
        Assert.Empty(seen.Page.Links);
        Assert.Equal("complete", seen.PageEnd);
    }

    [Fact]
    public async Task What_is_not_pushed_is_linked_and_what_is_pushed_is_not()
    {
        // A stylesheet for some screens only: the document must say first whether it is needed.
        site.Origin.Files("/media/a.css", "/media/wide.css");
        site.Origin.Page("/media/", "<link rel=stylesheet href=a.css><link rel=stylesheet href=wide.css media='(min-width: 70em)'>");
        await site.LearnAsync("/media/");

        var seen = await Nghttp.RunAsync(site.Url("/media/"));

        Assert.Equal(["/media/a.css"], seen.Promised);
        Assert.Equal(["/media/wide.css"], seen.Page!.Preloads);
        Assert.Equal("(min-width: 70em)", seen.Page.Links.Single().Parameters["media"]);
        Assert.Contains("not-pushed=depends-on-screen", seen.Page.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_origin_links_itself_is_left_to_it()
    {
        site.Origin.Files("/linked/a.css", "/linked/b.css");
        site.Origin.Page(
            "/linked/",
            "<link rel=stylesheet href=a.css><link rel=stylesheet href=b.css>",
            "Link: </linked/a.css>; rel=preload; as=style; nopush");
        await site.LearnAsync("/linked/");

        var seen = await Nghttp.RunAsync(site.Url("/linked/"), "--no-push", "accept: text/html");

        Assert.Equal(["/linked/a.css", "/linked/b.css"], seen.Page!.Preloads);
        Assert.Contains("nopush", seen.Page.Links[0].Parameters.Keys);
        Assert.Contains("\"/linked/a.css\";as=style;found=head-stylesheet;skip=origin-link", seen.Page.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stylesheet_names_is_pushed_with_the_page()
    {
        site.Origin.Files("/late/font.woff2", "/late/imported.css", "/late/app.js");
        site.Origin.On(
            "/late/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nETag: \"1\"",
            "@import 'imported.css'; @font-face { font-family: F; src: url(font.woff2) format('woff2') } body { font-family: F }");
        site.Origin.Page("/late/", "<link rel=stylesheet href=a.css><script src=app.js></script>");
        await site.LearnAsync("/late/");

        var seen = await Nghttp.RunAsync(site.Url("/late/"), "accept: text/html");

        // What blocks the page before what it is displayed with.
        Assert.Equal(["/late/a.css", "/late/app.js", "/late/font.woff2", "/late/imported.css"], seen.Promised.Order());
        Assert.Equal("/late/font.woff2", seen.Promised.Last());
        Assert.Equal("*/*", seen.Pushed("/late/font.woff2")!.Promise["accept"]);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
