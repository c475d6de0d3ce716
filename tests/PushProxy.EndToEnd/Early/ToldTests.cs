using PushProxy.EndToEnd.Delivery;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// What is told in advance, by any channel: only what the origin was seen to answer as the page wants it, and what more than one visitor's
/// page named.
/// </summary>
public sealed class ToldTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Css = "Content-Type: text/css\nCache-Control: max-age=60";

    [Theory]
    // A soft 404, a file of another kind, and an answer that no client could keep.
    [InlineData("soft-404", "Content-Type: text/html\nCache-Control: max-age=60", "other-type")]
    [InlineData("json", "Content-Type: application/json\nETag: \"1\"", "other-type")]
    [InlineData("typeless", "Cache-Control: max-age=60", "other-type")]
    [InlineData("fleeting", "Content-Type: text/css", "not-kept")]
    [InlineData("no-cache", "Content-Type: text/css\nCache-Control: no-cache", "not-kept")]
    public async Task What_is_not_what_the_page_wants_is_told_by_no_channel(string folder, string headers, string reason)
    {
        var (good, bad) = ($"/{folder}/good.css", $"/{folder}/bad.css");
        site.Origin.Files(good);
        site.Origin.On(bad, "200 OK", headers, "p {}");
        site.Origin.Page($"/{folder}/", EarlySite.Elements(bad, good));
        await site.LearnAsync($"/{folder}/");

        await AssertToldAsync($"/{folder}/", good, $"\"{bad}\";as=style;found=head-stylesheet;skip={reason}");
    }

    [Fact]
    public async Task What_is_too_large_is_told_by_no_channel()
    {
        site.Origin.Files("/large/a.css");
        site.Origin.On("/large/8mb.css", "200 OK", Css, new string(' ', 8 * 1024 * 1024));
        site.Origin.Page("/large/", EarlySite.Elements("/large/8mb.css", "/large/a.css"));
        await site.LearnAsync("/large/");

        // As an origin that does not state the length would have it, nobody knows how much it is, until it was seen whole.
        await AssertToldAsync("/large/", "/large/a.css", "\"/large/8mb.css\";as=style;found=head-stylesheet;skip=too-large");
    }

    [Fact]
    public async Task A_length_that_is_not_stated_is_counted()
    {
        site.Origin.On("/chunked/a.css", r => r.WriteAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n4\r\np {}\r\n0\r\n\r\n"));
        site.Origin.Page("/chunked/", EarlySite.Elements("/chunked/a.css"));
        await site.LearnAsync("/chunked/");

        var seen = await Nghttp.RunAsync(site.Url("/chunked/"), "accept: text/html");
        Assert.Equal(4, seen.Pushed("/chunked/a.css")!.Bytes);
    }

    [Theory]
    // As servers write session identifiers into URLs that have none to set a cookie for.
    [InlineData("query", "/query/a.css?PHPSESSID={0}")]
    [InlineData("path", "/path/a.css;jsessionid={0}")]
    [InlineData("folder", "/folder/(S({0}))/a.css")]
    public async Task A_name_that_one_visitor_alone_was_sent_is_told_to_no_other(string folder, string name)
    {
        var visitors = 0;
        site.Origin.Files($"/{folder}/all.css");
        site.Origin.On($"/{folder}/", r =>
        {
            var own = string.Format(null, name, $"visitor{Interlocked.Increment(ref visitors)}of0c1f22e9d0");
            return r.WriteAsync(RawRequest.Response(
                "200 OK", "Content-Type: text/html", ScriptedSite.Html(EarlySite.Elements($"/{folder}/all.css") + $"<link rel=stylesheet href='{own}'>")));
        });

        var early = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var told = await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html", "--no-push");
                early = string.Join(", ", told.Hints.SelectMany(h => h.Preloads));
                Assert.DoesNotContain("visitor", early, StringComparison.Ordinal);
                return early == $"/{folder}/all.css";
            },
            () => $"What all are sent was never told early; at last: {early}.\n{site.Proxy.Log}");
    }

    [Fact]
    public async Task A_name_is_told_once_a_second_connection_was_sent_it()
    {
        site.Origin.Files("/second/a.css");
        site.Origin.Page("/second/", EarlySite.Elements("/second/a.css"));
        using var one = new PageRequests();
        var page = site.Url("/second/");
        await Eventually.TrueAsync(
            async () => (await one.GetAsync(page)).Decision.StartsWith("head", StringComparison.Ordinal),
            () => "The page was never learned.");
        await site.LearnAsync("/second/");
        Assert.Equal(["/second/a.css"], await GetHintsAsync(page));
    }

    [Theory]
    [InlineData("cookie: session=0123456789abcdef")]
    [InlineData("authorization: Bearer 0123456789abcdef")]
    public async Task Before_the_visitors_own_page_came_nothing_is_asked_for_with_credentials(string credentials)
    {
        var folder = $"/early-{credentials.Split(':')[0]}";
        site.Origin.On($"{folder}/a.css", "200 OK", Css + "\nETag: \"1\"", "p {}");
        site.Origin.On($"{folder}/b.js", "200 OK", "Content-Type: text/javascript\nETag: \"1\"", ";");
        site.Origin.Page($"{folder}/", EarlySite.Elements($"{folder}/a.css", $"{folder}/b.js"));
        await site.LearnAsync($"{folder}/");

        // Two with credentials of their own were sent the same.
        await AskAsMembersAsync($"{folder}/a.css");
        await AskAsMembersAsync($"{folder}/b.js");
        var held = site.Origin.Hold($"{folder}/");
        await using var member = Nghttp.Get(site.Url($"{folder}/"), "accept: text/html", "user-agent: Member/1", credentials);
        await held.ArrivedAsync();
        await member.UntilAsync(t => t.Promises.Count == 2, "both pushes before the page");
        held.Release();
        var seen = await member.EndAsync();

        Assert.Equal(["complete", "complete"], new[] { $"{folder}/a.css", $"{folder}/b.js" }.Select(p => seen.Pushed(p)!.End));
        foreach (var request in new[] { "a.css", "b.js" }.SelectMany(f => site.Origin.RequestsFor($"{folder}/{f}")))
        {
            if (request.Value("Cookie")?.StartsWith("other", StringComparison.Ordinal) == true)
            {
                continue;
            }

            Assert.Null(request.Value("Cookie"));
            Assert.Null(request.Value("Authorization"));
        }
    }

    [Fact]
    public async Task What_differs_with_credentials_is_not_asked_for_before_the_visitors_own_page_came()
    {
        site.Origin.On("/differs/all.css", "200 OK", Css + "\nETag: \"1\"", "p {}");
        site.Origin.On("/differs/theme.css", r => r.WriteAsync(RawRequest.Response(
            "200 OK", $"{Css}\nETag: \"{(r.Head.Value("Cookie") is null ? "plain" : "member")}\"", "p {}")));
        site.Origin.Page("/differs/", EarlySite.Elements("/differs/all.css", "/differs/theme.css"));
        await site.LearnAsync("/differs/");

        // As a member's browser asks for it.
        await AskAsMembersAsync("/differs/all.css");
        await AskAsMembersAsync("/differs/theme.css");
        var held = site.Origin.Hold("/differs/");
        await using var member = Nghttp.Get(site.Url("/differs/"), "accept: text/html", "cookie: session=0123456789abcdef");
        await held.ArrivedAsync();
        await member.UntilAsync(t => t.Promises.Count > 0, "a push before the page");
        Assert.Equal(["/differs/all.css"], member.Trace.Promised);
        held.Release();
        var seen = await member.EndAsync();

        // The member's own page names it, and so it is asked for in the member's name.
        Assert.Equal("session=0123456789abcdef", seen.Pushed("/differs/theme.css")!.Promise["cookie"]);
        Assert.Null(seen.Pushed("/differs/all.css")!.Promise["cookie"]);
    }

    [Fact]
    public async Task A_cookie_for_a_request_without_the_visitors_own_never_reaches_the_visitor()
    {
        // The origin begins a session with everything that comes without one; but first it does not.
        var begins = false;
        site.Origin.On("/session/a.css", r => r.WriteAsync(RawRequest.Response(
            "200 OK", Css + "\nETag: \"1\"" + (begins && r.Head.Value("Cookie") is null ? "\nSet-Cookie: session=new" : ""), "p {}")));
        site.Origin.Page("/session/", EarlySite.Elements("/session/a.css"));
        await site.LearnAsync("/session/");
        await AskAsMembersAsync("/session/a.css");
        begins = true;

        var member = await Nghttp.RunAsync(site.Url("/session/"), "accept: text/html", "cookie: session=0123456789abcdef");
        Assert.Equal(("CANCEL", 0), (member.Pushed("/session/a.css")!.End, member.Pushed("/session/a.css")!.Bytes));
        Assert.False((await Nghttp.RunAsync(site.Url("/session/"), "accept: text/html", "cookie: session=0123456789abcdef")).Promises.Any());
    }

    // As the browsers of two members ask for it.
    private async Task AskAsMembersAsync(string path)
    {
        await Curl.HeadsAsync(site.Url(path), "Cookie: other=1");
        await Curl.HeadsAsync(site.Url(path), "Cookie: other=2");
    }

    private async Task<string[]> GetHintsAsync(Uri page) =>
        [.. (await Nghttp.RunAsync(page, "accept: text/html", "--no-push")).Hints.SelectMany(h => h.Preloads)];

    // By push, by 103 and by Link.
    private async Task AssertToldAsync(string page, string only, string decision)
    {
        Assert.Equal([only], (await Nghttp.RunAsync(site.Url(page), "accept: text/html")).Promised);
        var hinted = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push");
        Assert.Equal([only], hinted.Hints.Single().Preloads);
        Assert.Equal([only], hinted.Page!.Preloads);
        Assert.Contains(decision, hinted.Page.Decision, StringComparison.Ordinal);
    }
}
