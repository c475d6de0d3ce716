using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A page that no shared cache may keep may be one visitor's own, even if nobody has a cookie. It is told to others only as far as
/// clients at several addresses share it.
/// </summary>
public sealed class PrivatePageTests(GuardedSite site) : IClassFixture<GuardedSite>
{
    [Theory]
    [InlineData("private", "Cache-Control: private, max-age=0")]
    [InlineData("no-store", "Cache-Control: no-store, no-cache, must-revalidate\nPragma: no-cache")]
    public async Task What_one_address_was_sent_is_told_to_no_other(string folder, string fields)
    {
        site.Origin.Files($"/{folder}/all.css");
        site.Origin.Page($"/{folder}/", EarlySite.Elements($"/{folder}/all.css"), fields);
        for (var i = 0; i < 6; i++)
        {
            await new Stranger(site, "127.66.9.1").ViewAsync($"/{folder}/");
        }

        await EndOfLearningAsync(folder);
        Assert.Empty((await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html", "--no-push")).Hints);

        await UntilHintedAsync($"/{folder}/", [$"/{folder}/all.css"]);
    }

    [Theory]
    [InlineData("private-own", "Cache-Control: private", "/private-own/{0}/a.css")]
    [InlineData("no-store-own", "Cache-Control: no-store", "/no-store-own/a{0}.css")]
    public async Task What_is_each_visitors_own_is_told_to_nobody_and_the_rest_is(string folder, string fields, string name)
    {
        // Each visitor is an address, and has the same name on every connection.
        site.Origin.Files([$"/{folder}/all.css", .. Enumerable.Range(0, 9).Select(i => string.Format(null, name, i))]);
        site.Origin.On($"/{folder}/", r => r.WriteAsync(RawRequest.Response(
            "200 OK",
            "Content-Type: text/html\n" + fields,
            ScriptedSite.Html(EarlySite.Elements($"/{folder}/all.css", string.Format(null, name, r.Head.Value("X-Visitor") ?? "8"))))));
        for (var view = 0; view < 4; view++)
        {
            for (var visitor = 0; visitor < 4; visitor++)
            {
                await new Stranger(site, $"127.66.8.{1 + visitor}").ViewAsync($"/{folder}/", $"x-visitor: {visitor}");
            }
        }

        await UntilHintedAsync(
            $"/{folder}/", [$"/{folder}/all.css"],
            n => new Stranger(site, $"127.66.8.{1 + (n % 4)}").ViewAsync($"/{folder}/", $"x-visitor: {n % 4}"));
    }

    [Theory]
    [InlineData("now-private", "Cache-Control: private")]
    [InlineData("now-sessions", "Set-Cookie: session=visitor{0}of0c1f22e9d0; HttpOnly")]
    public async Task What_everyone_got_is_not_told_any_more_once_the_page_is_made_for_each_visitor(string folder, string fields)
    {
        var visits = 0;
        site.Origin.Files($"/{folder}/old.css", $"/{folder}/new.css");
        site.Origin.Page($"/{folder}/", EarlySite.Elements($"/{folder}/old.css"));
        await site.LearnAsync($"/{folder}/");
        site.Origin.On($"/{folder}/", r => r.WriteAsync(RawRequest.Response(
            "200 OK",
            "Content-Type: text/html\n" + string.Format(null, fields, Interlocked.Increment(ref visits)),
            ScriptedSite.Html(EarlySite.Elements($"/{folder}/new.css")))));

        IReadOnlyList<string> told = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await new Stranger(site, $"127.79.1.{1 + (visits % 200)}").ViewAsync($"/{folder}/");
                told = [.. (await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html", "--no-push")).Hints.SelectMany(h => h.Preloads)];
                return told.SequenceEqual([$"/{folder}/new.css"]);
            },
            () => $"At last {string.Join(", ", told)} was told.\n{site.Proxy.Log}");
    }

    [Fact]
    public async Task A_cookie_with_the_same_value_for_all_identifies_nobody()
    {
        // As WordPress has it: the page to log in at tests whether cookies work, and whoever logs in sends that cookie, too.
        const string Test = "wordpress_test_cookie=WP%20Cookie%20check";
        var sessions = 0;
        site.Origin.Files("/wordpress/all.css");
        site.Origin.On("/wordpress/login", r => r.WriteAsync(RawRequest.Response(
            "200 OK",
            r.Head.Value("Cookie") is null ? $"Content-Type: text/html\nSet-Cookie: {Test}; path=/"
                : $"Content-Type: text/html\nSet-Cookie: wordpress_logged_in=user{Interlocked.Increment(ref sessions)}of0c1f22e9d0; HttpOnly",
            "<p>log in")));
        site.Origin.On("/wordpress/", r => r.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html\nCache-Control: no-store",
            ScriptedSite.Html(EarlySite.Elements("/wordpress/all.css") + $"<!-- {r.Head.Value("Cookie")} -->"))));

        List<string> members = [];
        for (var i = 1; i < 4; i++)
        {
            var who = new Stranger(site, $"127.78.0.{i}");
            Assert.Equal(Test, (await who.ViewAsync("/wordpress/login")).Cookie);
            var session = (await who.ViewAsync("/wordpress/login", "cookie: " + Test)).Cookie;
            members.Add($"cookie: {Test}; {session}");
        }

        IReadOnlyList<string> told = [];
        await Eventually.TrueAsync(
            async () =>
            {
                for (var i = 1; i < 3; i++)
                {
                    await new Stranger(site, $"127.78.0.{i}").ViewAsync("/wordpress/", members[i - 1]);
                }

                var third = await Nghttp.RunAsync(site.Url("/wordpress/"), "accept: text/html", "--no-push", members[2]);
                told = [.. third.Hints.SelectMany(h => h.Preloads)];
                return told.Count > 0;
            },
            () => $"Members were never told what they share.\n{site.Proxy.Log}");
        Assert.Equal(["/wordpress/all.css"], told);
    }

    [Fact]
    public async Task The_programs_own_cookie_makes_no_two_members_one()
    {
        // Whoever was told the same gets the same cookie, which says what the client has.
        var sessions = 0;
        site.Origin.Files("/own-cookie/a.css", "/own-cookie/b.js");
        site.Origin.On("/own-cookie/sign-in", r => r.WriteAsync(RawRequest.Response(
            "200 OK", $"Content-Type: text/plain\nSet-Cookie: session=member{Interlocked.Increment(ref sessions)}of0c1f22e9d0", "")));
        site.Origin.Page("/own-cookie/", EarlySite.Elements("/own-cookie/a.css", "/own-cookie/b.js"), "Cache-Control: no-store");
        List<(Stranger Who, string Cookie)> members = [];
        for (var i = 1; i < 6; i++)
        {
            var who = new Stranger(site, $"127.78.1.{i}");
            members.Add((who, "cookie: " + (await who.ViewAsync("/own-cookie/sign-in")).Cookie));
        }

        // A view whose page is not read, because the one before still is, costs more views: what matters is that it becomes known.
        var view = 0;
        var told = new HashSet<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                var (who, cookie) = members[view++ % 5];
                var seen = await who.ViewAsync("/own-cookie/", [cookie], ("/own-cookie/a.css", "style"), ("/own-cookie/b.js", "script"));
                await site.UntilReadAsync();
                if (seen.Cookie.StartsWith("__Host-pushproxy=", StringComparison.Ordinal))
                {
                    told.Add(cookie);
                }

                return told.Count == members.Count;
            },
            () => $"Members were never told what they share.\n{site.Proxy.Log}");
        var seen = await Nghttp.RunAsync(site.Url("/own-cookie/"), "accept: text/html", "--no-push", members[2].Cookie);
        Assert.Equal(["/own-cookie/a.css", "/own-cookie/b.js"], seen.Hints.SelectMany(h => h.Preloads));
    }

    // Whoever comes last waits for those before.
    private async Task EndOfLearningAsync(string folder)
    {
        site.Origin.Files($"/{folder}-end/a.css");
        site.Origin.Page($"/{folder}-end/", EarlySite.Elements($"/{folder}-end/a.css"));
        await new Stranger(site, "127.66.9.1").UntilLearnedAsync($"/{folder}-end/");
    }

    /// <param name="page">The page.</param>
    /// <param name="expected">What others are told.</param>
    /// <param name="view">Views it meanwhile; null: always another visitor, who says nothing of himself.</param>
    private async Task UntilHintedAsync(string page, string[] expected, Func<int, Task>? view = null)
    {
        var visitors = 0;
        IReadOnlyList<string> told = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await (view?.Invoke(visitors) ?? new Stranger(site, $"127.79.0.{1 + (visitors % 200)}").ViewAsync(page));
                visitors++;
                var seen = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push");
                told = [.. seen.Hints.SelectMany(h => h.Preloads)];
                return told.Count > 0;
            },
            () => $"{page} was told to nobody.\n{site.Proxy.Log}");
        Assert.Equal(expected, told);
    }
}
