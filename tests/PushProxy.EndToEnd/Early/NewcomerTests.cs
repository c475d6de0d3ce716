using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Sites that give a session to whoever comes, and write it into the names of their files.</summary>
public sealed class NewcomerTests(EarlySite site) : IClassFixture<EarlySite>
{
    private int _serial;

    [Theory]
    [InlineData("session", "Set-Cookie: sid={0}")]
    [InlineData("php", "Set-Cookie: PHPSESSID={0}; path=/\nSet-Cookie: lang=en")]
    [InlineData("long", "Set-Cookie: visitor={0}")]
    public async Task No_newcomer_is_told_of_anothers_session(string folder, string header)
    {
        var page = $"/new/{folder}/";
        site.Origin.Files($"/new/{folder}/common.css", $"/new/{folder}/own.css");
        site.Origin.On(page, async request =>
        {
            // A session that is there goes on; a newcomer gets one.
            var cookie = request.Head.Value("Cookie");
            var session = cookie is null ? $"5e5510n{Interlocked.Increment(ref _serial):d6}" : cookie.Split('=')[1];
            await request.WriteAsync(RawRequest.Response(
                "200 OK",
                "Content-Type: text/html\n" + (cookie is null ? string.Format(null, header, session) : "X-Kind: page"),
                ScriptedSite.Html(EarlySite.Elements($"/new/{folder}/common.css", $"/new/{folder}/own.css?sid={session}"))));
        });

        var told = new List<(string Session, string Text)>();
        for (var visitor = 0; visitor < 6; visitor++)
        {
            foreach (var option in new[] { "--no-push", "accept-language: en" })
            {
                var seen = await Nghttp.RunAsync(site.Url(page), "accept: text/html", option);
                var session = seen.Page!["set-cookie"]!.Split(';')[0].Split('=')[1];
                told.Add((session, seen.Text));

                // And comes again, with the session.
                var again = await Nghttp.RunAsync(
                    site.Url(page), "accept: text/html", option, $"cookie: {seen.Page["set-cookie"]!.Split(';')[0]}");
                told.Add((session, again.Text));
            }

            foreach (var head in await Curl.HeadsAsync(site.Url(page), "--http1.1", "Accept: text/html"))
            {
                told.Add((head.Value("Set-Cookie")!.Split(';')[0].Split('=')[1], string.Join('\n', head.Fields)));
            }
        }

        var sessions = told.Select(t => t.Session).Distinct().ToList();
        foreach (var (session, text) in told)
        {
            Assert.All(sessions.Where(s => s != session), other => Assert.DoesNotContain(other, text, StringComparison.Ordinal));
        }

        // What all of them share is told before the origin answers.
        var held = site.Origin.Hold(page);
        await using var late = Nghttp.Get(site.Url(page), "accept: text/html", "--no-push");
        await late.UntilAsync(t => t.Hints.Count > 0, "a 103 with what all newcomers share");
        held.Release();
        Assert.Equal([$"/new/{folder}/common.css"], (await late.EndAsync()).Hints.Single().Preloads);
    }

    [Fact]
    public async Task A_cookie_that_everybody_gets_alike_makes_no_newcomers()
    {
        site.Origin.Files("/alike/a.css");
        site.Origin.Page("/alike/", EarlySite.Elements("/alike/a.css"), "Set-Cookie: lang=en");
        await site.LearnAsync("/alike/");
        Assert.Equal(
            ["/alike/a.css"], (await Nghttp.RunAsync(site.Url("/alike/"), "accept: text/html", "--no-push")).Hints.Single().Preloads);
    }
}
