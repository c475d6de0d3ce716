using System.Web;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Sites that write into a page what the request says, without saying so in Vary. What one client makes of such a page is told to no other.
/// </summary>
public sealed class OneClientTests(GuardedSite site) : IClassFixture<GuardedSite>
{
    // A site gives no session twice.
    private static int _serial;

    /// <summary>Invented or borrowed credentials, from some addresses, do not make a page that is told to members.</summary>
    [Theory]
    [InlineData("invented", "cookie: session=invented-{0}", 9)]
    [InlineData("invented-long", "cookie: whatever=0123456789-{0}", 9)]
    [InlineData("invented-token", "authorization: Bearer {0}", 1)]
    public async Task Credentials_that_nothing_shows_count_for_nobody(string folder, string credentials, int addresses)
    {
        var (page, common, evil) = Reflecting(folder, personal: true);
        await site.LearnAsync(page);
        for (var i = 0; i < 12; i++)
        {
            await new Stranger(site, $"127.66.0.{1 + (i % addresses)}")
                .ViewAsync(page, string.Format(null, credentials, i), $"x-theme: {evil}");
        }

        await UntilMembersShareAsync(page, common, evil);
    }

    /// <summary>Sessions that the site hands out to whoever asks count, but not if all are at one address.</summary>
    [Fact]
    public async Task Many_sessions_at_one_address_are_told_to_nobody()
    {
        var (page, common, evil) = Reflecting("handed-out", personal: true);
        var attacker = new Stranger(site, "127.66.1.1");
        for (var i = 0; i < 12; i++)
        {
            await attacker.ViewAsync(page, "cookie: " + await SignInAsync(attacker), $"x-theme: {evil}");
        }

        await UntilMembersShareAsync(page, common, evil);
    }

    /// <summary>A newcomer gets a new session with each request, so only addresses tell newcomers apart.</summary>
    [Theory]
    [InlineData("newcomer-once", 1)]
    [InlineData("newcomer-twice", 2)]
    [InlineData("newcomer-often", 12)]
    public async Task One_newcomer_is_told_to_no_other_however_often_it_comes(string folder, int times)
    {
        var (page, common, evil) = Reflecting(folder, personal: false);
        for (var i = 0; i < times; i++)
        {
            await new Stranger(site, "127.66.2.1").ViewAsync(page, $"x-theme: {evil}");
        }

        var visitors = 0;
        IReadOnlyList<string> early = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await new Stranger(site, $"127.77.1.{1 + (visitors++ % 200)}").ViewAsync(page);
                var seen = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push");
                Assert.DoesNotContain(evil, seen.Text, StringComparison.Ordinal);
                early = [.. seen.Hints.SelectMany(h => h.Preloads)];
                return early.Count > 0;
            },
            () => $"What newcomers share was never told.\n{site.Proxy.Log}");
        Assert.Equal([common], early);
    }

    /// <summary>Query strings that one client filled with a name of its choice say nothing about one never seen.</summary>
    [Theory]
    [InlineData("query", 2)]
    [InlineData("query-all", 16)]
    [InlineData("query-more", 24)]
    public async Task Variants_of_one_client_do_not_speak_for_others(string folder, int variants)
    {
        var page = Queried(folder);
        var attacker = new Stranger(site, "127.66.3.1");
        for (var i = 0; i < variants; i++)
        {
            await attacker.UntilLearnedAsync($"{page}?css=evil&n={i}");
        }

        var seen = await Nghttp.RunAsync(site.Url(page + "?utm_source=never-seen"), "accept: text/html", "--no-push");
        Assert.Empty(seen.Hints);
        Assert.DoesNotContain("evil", seen.Text, StringComparison.Ordinal);

        // Each still speaks for itself.
        await new Stranger(site, "127.77.2.2").UntilLearnedAsync($"{page}?css=evil&n=from-elsewhere");
        Assert.StartsWith(
            "learned", (await attacker.ViewAsync($"{page}?css=evil&n={variants - 1}")).Decision, StringComparison.Ordinal);
    }

    /// <summary>The honest counterpart: what two addresses agree on speaks for query strings never seen.</summary>
    [Fact]
    public async Task Variants_of_two_clients_that_agree_speak_for_others()
    {
        var page = Queried("agreed");
        await new Stranger(site, "127.77.3.1").UntilLearnedAsync(page + "?utm_source=1");
        await new Stranger(site, "127.77.3.1").UntilLearnedAsync(page + "?utm_source=2");
        var early = await Nghttp.RunAsync(site.Url(page + "?utm_source=3"), "accept: text/html", "--no-push");
        Assert.Empty(early.Hints);
        await new Stranger(site, "127.77.3.2").UntilLearnedAsync(page + "?utm_source=1");
        var seen = await new Stranger(site, "127.77.3.3").ViewAsync(page + "?utm_source=4");
        Assert.StartsWith("shared-path", seen.Decision, StringComparison.Ordinal);
    }

    /// <summary>One client that asks for ever new query strings pushes out its own, not what others use.</summary>
    [Fact]
    public async Task A_flood_of_variants_pushes_out_no_others()
    {
        var page = Queried("flood");
        var honest = new Stranger(site, "127.77.4.1");
        await honest.UntilLearnedAsync(page + "?css=shop");
        var attacker = new Stranger(site, "127.66.4.1");
        for (var i = 0; i < 40; i++)
        {
            await attacker.UntilLearnedAsync($"{page}?css=evil&n={i}");
        }

        Assert.StartsWith("learned", (await honest.ViewAsync(page + "?css=shop")).Decision, StringComparison.Ordinal);
    }

    /// <summary>What one client made three pages name is expected of no fourth, until somebody else was sent the same.</summary>
    [Fact]
    public async Task Pages_of_one_client_are_no_template()
    {
        foreach (var name in new[] { "one", "two", "three", "four", "five", "six" })
        {
            Queried("pages/" + name);
        }

        // Other tests' pages name other files, so the route has no more in common than the folder has.
        site.Origin.Files("/reflected/ours.css");
        var attacker = new Stranger(site, "127.66.5.1");
        foreach (var name in new[] { "one", "two", "three" })
        {
            await attacker.UntilLearnedAsync($"/reflected/pages/{name}?css=ours");
        }

        Assert.Empty((await Nghttp.RunAsync(site.Url("/reflected/pages/four?css=ours"), "accept: text/html", "--no-push")).Hints);
        await new Stranger(site, "127.77.5.1").UntilLearnedAsync("/reflected/pages/five?css=ours");
        var hints = (await Nghttp.RunAsync(site.Url("/reflected/pages/six?css=ours"), "accept: text/html", "--no-push")).Hints;
        Assert.Equal(["/reflected/ours.css"], hints.Single().Preloads);
    }

    /// <summary>A query string that makes a page name something else, at one address, does not keep the others from agreeing.</summary>
    [Fact]
    public async Task One_address_does_not_keep_variants_from_agreeing()
    {
        var page = Queried("veto");
        await new Stranger(site, "127.77.9.1").UntilLearnedAsync(page + "?utm_source=1");
        await new Stranger(site, "127.77.9.2").UntilLearnedAsync(page + "?utm_source=2");
        await new Stranger(site, "127.66.9.1").UntilLearnedAsync(page + "?css=evil");
        var seen = await new Stranger(site, "127.77.9.3").ViewAsync(page + "?utm_source=3");
        Assert.StartsWith("shared-path", seen.Decision, StringComparison.Ordinal);
        Assert.Contains("/reflected/shop.css", seen.Decision, StringComparison.Ordinal);
    }

    // A page that names what a field of the request says. Its members share one stylesheet.
    private (string Page, string Common, string Evil) Reflecting(string folder, bool personal)
    {
        var (page, common, evil) = ($"/reflected/{folder}/", $"/reflected/{folder}/common.css", $"/reflected/{folder}/evil.css");
        site.Origin.Files(common, evil);
        site.Origin.On("/sign-in", request => request.WriteAsync(RawRequest.Response(
            "200 OK", $"Content-Type: text/plain\nSet-Cookie: session={Interlocked.Increment(ref _serial):d12}; HttpOnly", "")));
        site.Origin.On(page, async request =>
        {
            var isKnown = request.Head.Value("Cookie") is not null || request.Head.Value("Authorization") is not null;
            var sets = personal || isKnown ? "X-Kind: page" : $"Set-Cookie: session={Interlocked.Increment(ref _serial):d12}";
            await request.WriteAsync(RawRequest.Response(
                "200 OK",
                "Content-Type: text/html\n" + sets,
                ScriptedSite.Html(
                    EarlySite.Elements(isKnown || !personal ? [common, .. Theme(request)] : []) + $"<!-- {(isKnown ? "in" : "out")} -->")));
        });
        return (page, common, evil);

        static string[] Theme(RawRequest request) => request.Head.Value("X-Theme") is { } theme ? [theme] : [];
    }

    // A page that names what its query string says.
    private string Queried(string folder)
    {
        var page = $"/reflected/{folder}";
        site.Origin.Files(page + "/evil.css", page + "/shop.css", "/reflected/evil.css", "/reflected/shop.css");
        site.Origin.On(page, async request =>
        {
            var target = request.Head.StartLine.Split(' ')[1];
            var css = HttpUtility.ParseQueryString(target.Contains('?', StringComparison.Ordinal) ? target.Split('?')[1] : "")["css"] ?? "shop";
            await request.WriteAsync(RawRequest.Response(
                "200 OK", "Content-Type: text/html\nX-Kind: page", ScriptedSite.Html(EarlySite.Elements($"/reflected/{css}.css"))));
        });
        return page;
    }

    private static async Task<string> SignInAsync(Stranger who) => (await who.ViewAsync("/sign-in")).Cookie;

    // Two members at two addresses, whom the site knows, share what their pages name. The attacker's part is told to nobody.
    private async Task UntilMembersShareAsync(string page, string common, string evil)
    {
        Stranger alice = new(site, "127.77.0.1"), bob = new(site, "127.77.0.2");
        var (hers, his) = (await SignInAsync(alice), await SignInAsync(bob));
        IReadOnlyList<string> early = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var seen = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push", "cookie: session=carol-is-not-known");
                Assert.DoesNotContain(evil, seen.Text, StringComparison.Ordinal);
                early = [.. seen.Hints.SelectMany(h => h.Preloads)];
                await alice.ViewAsync(page, "cookie: " + hers);
                await bob.ViewAsync(page, "cookie: " + his);
                return early.Count > 0;
            },
            () => $"What two members share was never told.\n{site.Proxy.Log}");
        Assert.Equal([common], early);
    }
}
