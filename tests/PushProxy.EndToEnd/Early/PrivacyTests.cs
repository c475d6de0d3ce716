using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A URL that only one user's page names reaches nobody else by any channel; what all share is delivered early.</summary>
public sealed class PrivacyTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const int Rounds = 3;

    [Theory]
    [InlineData("sessions", "cookie: session=0{0}4c1f22e9d0")]
    [InlineData("beside-others", "cookie: consent=all; lang=en; session=0{0}4c1f22e9d0; ab=variant-b")]
    [InlineData("tokens", "authorization: Bearer eyJhbGciOi{0}")]
    [InlineData("passwords", "authorization: Basic {0}", "cookie: lang=en")]
    [InlineData("short", "cookie: u={0}")]
    public async Task What_one_users_page_names_is_told_to_no_other(string folder, params string[] fields)
    {
        var (page, common) = PersonalPage.Add(site, folder);
        Visitor[] users =
        [
            .. new[] { "alice", "bob", "carol", "dave" }.Select(n => new Visitor(n, [.. fields.Select(f => string.Format(null, f, n))])),
        ];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var visitor in users.Append(Visitor.Anonymous))
            {
                PersonalPage.AssertNothingOfOthers(await visitor.ViewAsync(site, page), users);
            }
        }

        await AssertSharedEarlyAsync(page, common, users[1]);
    }

    [Fact]
    public async Task What_one_user_alone_has_seen_is_told_early_to_nobody_and_what_two_have_is()
    {
        var (page, common) = PersonalPage.Add(site, "threshold");
        Visitor alice = new("alice", "cookie: session=0alice4c1f22e9d0"), bob = new("bob", "cookie: session=0bob4c1f22e9d0");
        for (var view = 0; view < 4; view++)
        {
            await alice.ViewAsync(site, page);
        }

        // The second to see it changes that, but not for this view.
        Assert.Empty(await EarlyAsync(page, alice));
        Assert.Empty(await EarlyAsync(page, bob));
        await AssertSharedEarlyAsync(page, common, new Visitor("carol", "cookie: session=0carol4c1f22e9d0"), meanwhile: bob);
    }

    [Fact]
    public async Task An_anonymous_client_is_told_nothing_of_what_members_are_sent()
    {
        var (page, common) = PersonalPage.Add(site, "members-only");
        Visitor alice = new("alice", "cookie: session=0alice4c1f22e9d0"), bob = new("bob", "cookie: session=0bob4c1f22e9d0");
        await AssertSharedEarlyAsync(page, common, alice, meanwhile: bob);

        // What members share may be told to members; whether an anonymous client gets such a page at all is not known.
        site.Origin.On(page, "200 OK", "Content-Type: text/html", ScriptedSite.Html(""));
        Assert.All(await Visitor.Anonymous.ViewAsync(site, page), t => Assert.False(t.Names("/users/"), t.ToString()));
    }

    [Theory]
    [InlineData("set-cookie", "Set-Cookie: seen=1")]
    [InlineData("private", "Cache-Control: private, max-age=60")]
    [InlineData("no-store", "Cache-Control: no-store")]
    public async Task A_resource_that_is_not_for_everybody_is_told_to_nobody(string folder, string header)
    {
        var (own, common) = ($"/not-for-all/{folder}/me.css", $"/not-for-all/{folder}/all.css");
        site.Origin.Files(own);
        site.Origin.On(common, "200 OK", "Content-Type: text/css\nETag: \"1\"\nCache-Control: max-age=60", "p {}");
        site.Origin.Page($"/not-for-all/{folder}/", EarlySite.Elements(own, common));
        await site.LearnAsync($"/not-for-all/{folder}/");
        await Curl.HeadsAsync(site.Url(common), "Cookie: session=0bob4c1f22e9d0");
        await Curl.HeadsAsync(site.Url(common), "Cookie: session=0carol4c1f22e9d0");
        site.Origin.On(own, "200 OK", "Content-Type: text/css\n" + header, "p {}");
        await site.GetAsync(own);

        Assert.Equal([common], (await Nghttp.RunAsync(site.Url($"/not-for-all/{folder}/"), "accept: text/html")).Promised);

        // A member's own page, once it is there, may bring what is the member's own; the origin sees whose it is.
        var held = site.Origin.Hold($"/not-for-all/{folder}/");
        await using var member = Nghttp.Get(site.Url($"/not-for-all/{folder}/"), "accept: text/html", "cookie: session=0alice4c1f22e9d0");
        await held.ArrivedAsync();
        await member.UntilAsync(t => t.Promises.Count > 0, "a push before the page");
        Assert.Equal([common], member.Trace.Promised);
        held.Release();
        await member.EndAsync();
        Assert.All(site.Origin.RequestsFor(own), r => Assert.Equal("session=0alice4c1f22e9d0", r.Value("Cookie")));

        var hinted = await Nghttp.RunAsync(site.Url($"/not-for-all/{folder}/"), "accept: text/html", "--no-push");
        Assert.Equal([common], hinted.Hints.Single().Preloads);
        Assert.Equal([common], hinted.Page!.Preloads);
        Assert.Contains($"\"{own}\";as=style;found=head-stylesheet;skip=private-resource", hinted.Page.Decision, StringComparison.Ordinal);
    }

    // What is told before the origin answers, by both channels.
    private async Task<IReadOnlyList<string>> EarlyAsync(string page, Visitor visitor)
    {
        var hinted = await Nghttp.RunAsync(site.Url(page), ["accept: text/html", "--no-push", .. visitor.Fields]);
        return [.. hinted.Hints.SelectMany(h => h.Preloads)];
    }

    private Task AssertSharedEarlyAsync(string page, string common, Visitor visitor, Visitor? meanwhile = null)
    {
        IReadOnlyList<string> early = [];
        return Eventually.TrueAsync(
            async () =>
            {
                if (meanwhile is not null)
                {
                    await EarlyAsync(page, meanwhile);
                }

                early = await EarlyAsync(page, visitor);

                // As long as nothing of members' pages may be told, a member is told what everybody is sent.
                Assert.True(
                    early.All(e => e == common || e.EndsWith("/nobody.css", StringComparison.Ordinal)),
                    $"Before the origin answered, {visitor.Name} was told of {string.Join(", ", early)}.");
                return early is [var only] && only == common;
            },
            () => $"{visitor.Name} was never told early of {common}, which all pages share.\n{site.Proxy.Log}");
    }
}
