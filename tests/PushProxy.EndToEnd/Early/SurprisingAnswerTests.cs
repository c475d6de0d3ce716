using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// What counts as an answer that lacks a name, besides another public page: a page for one visitor, a redirect, an error, a page that has
/// the name in its text only, and a stylesheet's font whose stylesheet has gone.
/// </summary>
public sealed class SurprisingAnswerTests(StrangersSite site) : IClassFixture<StrangersSite>
{
    private const int Views = 40;

    [Theory]
    [InlineData("mixed-private", "Cache-Control: private")]
    [InlineData("mixed-session", "Set-Cookie: experiment=visitor{0}of0c1f22e9d0; HttpOnly")]
    public async Task A_page_that_is_now_and_then_made_for_one_visitor(string folder, string fields)
    {
        var answers = 0;
        Files(folder, "all", "public", "own");
        On(folder, "", _ =>
        {
            var number = Interlocked.Increment(ref answers);
            return number > 8 && number % 2 == 0
                ? Page(string.Format(null, fields, number), $"/{folder}/all.css", $"/{folder}/own.css")
                : Page("X-Kind: public", $"/{folder}/all.css", $"/{folder}/public.css");
        });
        Assert.InRange(await WrongAsync(_ => $"/{folder}/"), 1, 4);
    }

    [Theory]
    [InlineData("redirects", "302 Found", "Location: /elsewhere")]
    [InlineData("fails", "503 Service Unavailable", "Content-Type: text/html")]
    [InlineData("downloads", "200 OK", "Content-Type: application/pdf")]
    public async Task A_page_that_is_now_and_then_no_page(string folder, string status, string fields)
    {
        var answers = 0;
        Files(folder, "all");
        On(folder, "", _ => Interlocked.Increment(ref answers) is > 8 and var number && number % 3 == 0
            ? RawRequest.Response(status, fields, "no page") : Page("X-Kind: public", $"/{folder}/all.css"));
        Assert.InRange(await WrongAsync(_ => $"/{folder}/"), 1, 4);
    }

    [Theory]
    [InlineData("missing", "404 Not Found", "Content-Type: text/html")]
    [InlineData("moved", "302 Found", "Location: /sign-in")]
    public async Task Paths_that_are_no_pages_among_pages_that_share_something(string folder, string status, string fields)
    {
        Files(folder, "all");
        for (var i = 0; i < Views + 4; i++)
        {
            var isPage = i < 4;
            On(folder, $"{i}", _ => isPage ? Page("X-Kind: public", $"/{folder}/all.css") : RawRequest.Response(status, fields, "no page"));
        }

        Assert.InRange(await WrongAsync(i => $"/{folder}/{(i < 0 ? (i & 3) : 4 + i)}"), 1, 4);
    }

    [Fact]
    public async Task A_page_that_has_the_name_in_its_text_only()
    {
        const string All = "<script>var all = ['/text/light.css', '/text/dark.css']</script><p>/text/light.css<!-- <link rel=stylesheet href=/text/light.css> -->";
        var answers = 0;
        Files("text", "light", "dark");
        On("text", "", _ =>
        {
            var name = Interlocked.Increment(ref answers) is > 8 and var number && number % 2 == 0 ? "/text/dark.css" : "/text/light.css";
            return RawRequest.Response("200 OK", $"Content-Type: text/html\nX-Named: {name}", ScriptedSite.Html($"{EarlySite.Elements(name)}<!-- {Guid.NewGuid():N} -->{All}"));
        });
        Assert.InRange(await WrongAsync(_ => "/text/"), 1, 4);
    }

    [Fact]
    public async Task A_font_whose_stylesheet_comes_and_goes()
    {
        var answers = 0;
        for (var i = 0; i < 2; i++)
        {
            site.Origin.On($"/fonts/{i}.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60", $"@font-face {{ font-family: f; src: url(/fonts/{i}.woff2) }} body {{ font-family: f }}");
        }

        site.Origin.Files("/fonts/0.woff2", "/fonts/1.woff2", "/fonts/all.css");
        On("fonts", "", _ => Page("X-Kind: public", "/fonts/all.css", $"/fonts/{Interlocked.Increment(ref answers) % 2}.css"));
        var wrong = 0;
        for (var i = 0; i < 60; i++)
        {
            wrong += (await ViewAsync(i, "/fonts/")).Count(name => name.EndsWith(".woff2", StringComparison.Ordinal));
        }

        Assert.InRange(wrong, 0, 3);
    }

    /// <summary>Learns by some views, and then counts the views in which something was told that the answer did not name.</summary>
    private async Task<int> WrongAsync(Func<int, string> page)
    {
        for (var i = -24; i < 0 && (await ViewAsync(i, page(i))).Count == 0; i++)
        {
        }

        var wrong = 0;
        for (var i = 0; i < Views; i++)
        {
            var heads = await HeadsAsync(i, page(i));
            var named = heads[^1].Status == 200 ? heads[^1].Value("X-Named")?.Split(' ') ?? [] : [];
            wrong += Early(heads).Except(named).Any() ? 1 : 0;
        }

        return wrong;
    }

    private async Task<List<string>> ViewAsync(int number, string page) => Early(await HeadsAsync(number, page));

    private async Task<IReadOnlyList<Head>> HeadsAsync(int number, string page)
    {
        var heads = await Curl.HeadsFromAsync(
            $"127.98.{(number + 30) % 9}.1", site.Url(page), "--http2", "Accept: text/html", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate");
        await site.UntilReadAsync();
        return heads;
    }

    private static List<string> Early(IReadOnlyList<Head> heads) => [.. heads.SkipLast(1).SelectMany(h => h.Preloads())];

    private void Files(string folder, params string[] names) => site.Origin.Files(names.Select(name => $"/{folder}/{name}.css"));

    private void On(string folder, string name, Func<RawRequest, string> answer) =>
        site.Origin.On($"/{folder}/{name}", request => request.WriteAsync(answer(request)));

    private static string Page(string fields, params string[] names) => RawRequest.Response(
        "200 OK", $"Content-Type: text/html\nX-Named: {string.Join(' ', names)}\n{fields}", ScriptedSite.Html($"<!-- {Guid.NewGuid():N} -->" + EarlySite.Elements(names)));
}
