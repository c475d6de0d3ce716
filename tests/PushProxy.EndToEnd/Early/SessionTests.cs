using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// However a site hands out its cookies, one user is counted as one, and so what only one user's page names is told to nobody.
/// </summary>
public sealed class SessionTests(EagerSite site) : IClassFixture<EagerSite>
{
    private static readonly Visitor Bob = new("bob", "x-user: bob", "cookie: session=bob-first-0000");

    private int _serial;

    // Who the page is for, the site of these tests knows by a field that the proxy does not look at: all cookies may change.
    private string NewSession() => $"session={Interlocked.Increment(ref _serial):d12}";

    [Fact]
    public async Task A_session_that_gets_a_new_cookie_with_each_page_is_one_user()
    {
        var (page, _) = PersonalPage.Add(site, "rotating", () => $"Set-Cookie: {NewSession()}; HttpOnly; Secure");
        var cookie = "session=alice-first-0000";
        for (var view = 0; view < 6; view++)
        {
            cookie = CookieOf((await AliceAsync(page, cookie)).Page!);
        }

        await AssertAliceIsSafeAsync(page);
    }

    [Theory]
    [InlineData("api", "GET", "200 OK", "Content-Type: application/json")]
    [InlineData("file", "GET", "200 OK", "Content-Type: text/css")]
    [InlineData("redirect", "GET", "302 Found", "Location: /")]
    [InlineData("form", "POST", "303 See Other", "Location: /")]
    public async Task A_session_that_gets_a_new_cookie_with_what_is_no_page_is_one_user(
        string kind, string method, string status, string header)
    {
        var (page, _) = PersonalPage.Add(site, "renewed-" + kind);
        site.Origin.On("/renew-" + kind, request => request.WriteAsync(
            RawRequest.Response(status, $"{header}\nSet-Cookie: {NewSession()}; HttpOnly; Secure", "{}")));
        var cookie = "session=alice-first-0000";
        for (var view = 0; view < 4; view++)
        {
            await AliceAsync(page, cookie);
            var renewed = await Nghttp.RunAsync(
                site.Url("/renew-" + kind), $":method: {method}", "sec-fetch-dest: empty", "sec-fetch-mode: cors", "cookie: " + cookie);
            cookie = CookieOf(renewed.Page!);
        }

        await AssertAliceIsSafeAsync(page);
    }

    [Theory]
    [InlineData("language", "lang=en")]
    [InlineData("experiment", "experiment=variant-blue")]
    public async Task A_cookie_that_everybody_is_sent_makes_no_two_users_of_one(string folder, string everybodys)
    {
        var (page, _) = PersonalPage.Add(site, folder, () => $"Set-Cookie: {everybodys}");
        for (var view = 0; view < 4; view++)
        {
            await AliceAsync(page, "session=alice-first-0000");
            PersonalPage.AssertNothingOfOthers(await Bob.ViewAsync(site, page), [new("alice"), Bob]);
        }

        await AssertAliceIsSafeAsync(page);
    }

    [Fact]
    public async Task A_token_that_is_the_same_in_all_of_a_users_browsers_makes_no_two_users_of_one()
    {
        const string Token = "token=alices-for-ever";
        var (page, _) = PersonalPage.Add(site, "token");
        site.Origin.On("/sign-in", "303 See Other", $"Location: {page}\nSet-Cookie: {Token}", "");
        await AliceAsync(page, Token);
        await AliceAsync(page, "visitor=0123456789");
        await Nghttp.RunAsync(site.Url("/sign-in"), ":method: POST", "cookie: visitor=0123456789");
        await AliceAsync(page, Token);
        await AliceAsync(page, "visitor=0123456789; " + Token);
        await AssertAliceIsSafeAsync(page);
    }

    [Fact]
    public async Task What_two_users_share_stays_shared_however_often_one_of_them_comes()
    {
        var (page, common) = PersonalPage.Add(site, "often");
        var bob = new Visitor("bob", "x-user: bob", "cookie: session=bob-often-0000");
        IReadOnlyList<string> early = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await bob.ViewAsync(site, page);
                early = EarlyOf(await AliceAsync(page, "session=alice-often-0000"));
                return early.Count == 1;
            },
            () => $"What both share was never told early.\n{site.Proxy.Log}");
        for (var view = 0; view < 20; view++)
        {
            early = EarlyOf(await AliceAsync(page, "session=alice-often-0000"));
        }

        Assert.Equal([common], early);
    }

    private static string CookieOf(Http2Frame response) => response["set-cookie"]!.Split(';')[0];

    private static IReadOnlyList<string> EarlyOf(Http2Trace seen) => [.. seen.Hints.SelectMany(h => h.Preloads)];

    private Task<Http2Trace> AliceAsync(string page, string cookie) =>
        Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push", "x-user: alice", "cookie: " + cookie);

    private async Task AssertAliceIsSafeAsync(string page)
    {
        for (var round = 0; round < 3; round++)
        {
            PersonalPage.AssertNothingOfOthers(await Bob.ViewAsync(site, page), [new("alice"), Bob]);
            PersonalPage.AssertNothingOfOthers(await Visitor.Anonymous.ViewAsync(site, page), [new("alice"), Bob]);
        }
    }
}
