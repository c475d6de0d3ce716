using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Clients are told what others' pages named: everyone's page, other query strings, other pages of the folder. Where that is wrong twice in
/// twenty answers it ends. It ends for those whose answers it was wrong for, as long as they all have one address.
/// </summary>
public sealed class GuessTests(StrangersSite site) : IClassFixture<StrangersSite>
{
    private const string Odd = "X-Theme: dark";

    [Fact]
    public async Task Members_whose_cookie_a_script_set_are_told_everyones_page_only_as_long_as_theirs_is_the_same()
    {
        Site("/cook", byCookie: true);
        await LearnAsync(_ => "/cook/");
        Assert.Equal(["/cook/light.css"], (await ViewAsync("127.90.1.1", "/cook/", "Cookie: lang=en")).Early);
        var before = await site.Proxy.MetricAsync("pushproxy_resources_wrong_total");

        var wrong = 0;
        for (var i = 0; i < 24; i++)
        {
            wrong += (await ViewAsync($"127.90.{2 + (i % 4)}.1", "/cook/", "Cookie: theme=dark")).Wrong;
        }

        Assert.InRange(wrong, 2, 4);
        Assert.Equal(before + wrong, await site.Proxy.MetricAsync("pushproxy_resources_wrong_total"));

        // Those without cookies are told as before, and members again once twenty answers were right.
        Assert.Equal(["/cook/light.css"], (await ViewAsync("127.90.7.1", "/cook/")).Early);
        for (var i = 0; i < 24; i++)
        {
            var early = (await ViewAsync($"127.90.{2 + (i % 4)}.1", "/cook/", "Cookie: lang=en")).Early;
            Assert.Equal(i < 14 ? [] : early, early);
        }

        Assert.Equal(["/cook/light.css"], (await ViewAsync("127.90.8.1", "/cook/", "Cookie: lang=en")).Early);
    }

    [Theory]
    // Another query string each time, another page of the folder each time, and the same page.
    [InlineData("query", "/query/item?id={0}")]
    [InlineData("folder", "/folder/item{0}")]
    [InlineData("page", "/page/")]
    public async Task An_address_that_gets_another_page_than_others_is_told_nothing_wrong_for_long_and_others_are_told_as_before(
        string folder, string page)
    {
        Site("/" + folder, byCookie: false);
        await LearnAsync(i => string.Format(null, page, i));
        var (wrong, next) = (0, 100);
        for (var i = 0; i < 12; i++)
        {
            wrong += (await ViewAsync("127.91.2.1", string.Format(null, page, next++), Odd)).Wrong;
            var others = await ViewAsync($"127.92.{i}.1", string.Format(null, page, next++));
            Assert.Equal(0, others.Wrong);

            // On the page itself, the name that was missed is told again after eight answers.
            if (folder != "page")
            {
                Assert.Equal([$"/{folder}/light.css"], others.Early);
            }
        }

        Assert.InRange(wrong, 1, 3);
    }

    [Fact]
    public async Task One_address_does_not_keep_others_from_being_told_the_rest_of_a_page()
    {
        site.Origin.Files("/rest/all.css");
        Site("/rest", byCookie: false, "/rest/all.css");
        await LearnAsync(_ => "/rest/");
        Assert.Equal(1, (await ViewAsync("127.93.2.1", "/rest/", Odd)).Wrong);

        // The name that was missed is told again after eight answers, and missed again.
        await UntilAsync(early => !early.Contains("/rest/light.css"));
        await UntilAsync(early => early.Contains("/rest/light.css"));
        Assert.Equal(1, (await ViewAsync("127.93.2.1", "/rest/", Odd)).Wrong);
        await UntilAsync(early => !early.Contains("/rest/light.css"));
        Assert.Empty((await ViewAsync("127.93.2.1", "/rest/")).Early);

        // Others' views, in which the rest of the page is told each time.
        async Task UntilAsync(Predicate<IReadOnlyList<string>> isSo)
        {
            for (var i = 0; i < 15; i++)
            {
                var seen = (await ViewAsync($"127.94.{i}.1", "/rest/")).Early;
                Assert.Contains("/rest/all.css", seen);
                if (isSo(seen))
                {
                    return;
                }
            }

            Assert.Fail("What others are told did not change in 15 views.");
        }
    }

    private void Site(string folder, bool byCookie, params string[] all)
    {
        site.Origin.Files(folder + "/light.css", folder + "/dark.css");
        foreach (var page in (string[])["", "item", .. Enumerable.Range(0, 200).Select(i => $"item{i}")])
        {
            site.Origin.On($"{folder}/{page}", request => request.WriteAsync(RawRequest.Response(
                "200 OK",
                "Content-Type: text/html",
                ScriptedSite.Html(
                    $"<!-- {Guid.NewGuid():N} -->" + EarlySite.Elements([.. all, $"{folder}/{(IsDark(request, byCookie) ? "dark" : "light")}.css"])))));
        }
    }

    private static bool IsDark(RawRequest request, bool byCookie) =>
        byCookie ? request.Head.Value("Cookie")?.Contains("theme=dark", StringComparison.Ordinal) == true : request.Head.Value("X-Theme") == "dark";

    private async Task LearnAsync(Func<int, string> page)
    {
        var told = false;
        for (var i = 0; i < 24 || (!told && i < 72); i++)
        {
            told = (await ViewAsync($"127.9{5 + (i % 3)}.1.1", page(i / 3))).Early.Any(name => name.EndsWith("light.css", StringComparison.Ordinal));
        }

        Assert.True(told, site.Proxy.Log);
    }

    private async Task<(IReadOnlyList<string> Early, int Wrong)> ViewAsync(string address, string page, string field = "X-Kind: guest")
    {
        var heads = await Curl.HeadsFromAsync(
            address, site.Url(page), "--http2", "Accept: text/html", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", field);
        await site.UntilReadAsync();
        List<string> early = [.. heads.SkipLast(1).SelectMany(h => h.Preloads())];
        var wrong = field.Contains("dark", StringComparison.Ordinal) ? "light.css" : "dark.css";
        return (early, early.Count(name => name.EndsWith(wrong, StringComparison.Ordinal)));
    }
}
