using System.Text.Json;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Pages whose answers name something else each time, or now and then: what stays is told in advance, what comes and goes is not. Counted
/// are what a 103 names, promises, and requests at the origin.
/// </summary>
public sealed class ChangingPageTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const int Views = 60;
    private const int FirstViews = 10;

    [Theory]
    // Banners in turn, and by chance; one of two by chance, as in a test of two designs.
    [InlineData("turns", 40)]
    [InlineData("chance", 40)]
    [InlineData("chance", 3)]
    [InlineData("chance", 2)]
    public async Task A_banner_that_comes_and_goes_is_not_pushed_in_advance_and_what_stays_is(string kind, int banners)
    {
        var (folder, random) = ($"/{kind}{banners}", new Random(7));
        var files = Enumerable.Range(0, banners).Select(i => $"{folder}/banner{i}.css").ToArray();
        site.Origin.Files([$"{folder}/site.css", .. files]);
        var views = await ViewAsync(folder + "/", view => EarlySite.Elements($"{folder}/site.css", files[kind == "turns" ? view % banners : random.Next(banners)]));

        AssertSteady(views, $"{folder}/site.css");
    }

    [Fact]
    public async Task A_stylesheet_with_the_time_in_its_name_is_read_in_the_page_itself_and_asked_for_once()
    {
        site.Origin.Files("/now/site.css");
        var requests = 0;
        site.Origin.On("/now/style.css", r =>
        {
            Interlocked.Increment(ref requests);
            return r.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/css\nCache-Control: max-age=60", "p {}"));
        });
        var views = await ViewAsync("/now/", view => EarlySite.Elements("/now/site.css", $"/now/style.css?t={view}"));

        AssertSteady(views, "/now/site.css");
        Assert.All(views.Skip(FirstViews), v => Assert.Equal(v.Named.Order(), v.Promised.Order()));

        // Two of the names are read to learn what they name; the rest is what browsers are promised.
        Assert.InRange(requests, Views / 2, (Views / 2) + 3);
    }

    [Fact]
    public async Task A_new_version_of_a_site_is_told_at_once_when_two_have_seen_it()
    {
        site.Origin.Files("/deploy/a.css", "/deploy/b.1.css", "/deploy/b.2.css");
        var views = await ViewAsync("/deploy/", view => EarlySite.Elements("/deploy/a.css", view < 30 ? "/deploy/b.1.css" : "/deploy/b.2.css"));

        Assert.Equal(["/deploy/b.1.css"], views.Skip(3).SelectMany(v => v.Wrong).Distinct());
        Assert.All(
            views.Skip(FirstViews).Where(v => v.Number is < 30 or > 32), v => Assert.Equal(v.Named.Order(), (v.Hinted ?? v.Promised).Order()));
    }

    [Fact]
    public async Task Wrong_deliveries_are_counted_where_operators_look()
    {
        site.Origin.Files("/counted/a.css", "/counted/b.css", "/counted/c.css");
        var before = await site.Proxy.MetricAsync("pushproxy_resources_wrong_total", "channel=\"push\"");
        site.Origin.Page("/counted/", EarlySite.Elements("/counted/a.css", "/counted/b.css"));
        await site.LearnAsync("/counted/");
        site.Origin.Page("/counted/", EarlySite.Elements("/counted/a.css", "/counted/c.css"));
        var seen = await Nghttp.RunAsync(site.Url("/counted/"), "accept: text/html");
        Assert.Contains("/counted/b.css", seen.Promised);

        await Eventually.TrueAsync(
            async () => await site.Proxy.MetricAsync("pushproxy_resources_wrong_total", "channel=\"push\"") == before + 1,
            () => "The push of b.css was not counted.");
        using var pages = JsonDocument.Parse(await PagesAsync());
        var counted = pages.RootElement.GetProperty("pages").EnumerateArray().Single(p => p.GetProperty("path").GetString() == "/counted/");
        Assert.Equal(1, counted.GetProperty("wrongNames").GetInt32());
        Assert.Contains(";wrong=1", (await site.GetAsync("/counted/")).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_wrong_twice_in_twenty_views_is_read_as_it_passes_until_it_is_steady()
    {
        string[] Named(int view) => [.. Enumerable.Range(0, 3).Select(i => $"/restless/{i}.{(view < 20 ? view / 5 : 9)}.css"), "/restless/all.css"];
        site.Origin.Files([.. Enumerable.Range(0, Views).SelectMany(Named).Distinct()]);
        var views = await ViewAsync("/restless/", view => EarlySite.Elements(Named(view)));

        Assert.Contains(views, v => v.Decision.Contains("not-early=unsteady", StringComparison.Ordinal));
        Assert.All(
            views.Where(v => v.Decision.Contains("not-early=unsteady", StringComparison.Ordinal)),
            v =>
            {
                Assert.Empty(v.Hinted ?? []);
                Assert.Equal(v.Named.Order(), v.Promised.Order());
            });
        Assert.All(views.TakeLast(5), v => Assert.Equal(v.Named.Order(), (v.Hinted ?? v.Promised).Order()));
    }

    private async Task<string> PagesAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(site.Proxy.Management, "/pages"));
    }

    private static void AssertSteady(IReadOnlyList<View> views, string steady)
    {
        var later = views.Skip(FirstViews).ToList();
        var hinted = later.Where(v => v.Hinted is not null).ToList();
        var (told, wrong) = (later.Sum(v => (v.Hinted ?? v.Promised).Count), later.Sum(v => v.Wrong.Count));
        Assert.True(wrong * 20 <= told, $"{wrong} of {told}: {string.Join("; ", later.Where(v => v.Wrong.Count > 0).Select(v => $"{v.Number} {string.Join(' ', v.Wrong)}"))}");
        Assert.True(
            hinted.Count(v => v.Hinted!.Contains(steady)) >= hinted.Count * 9 / 10,
            $"{steady} was told early in {hinted.Count(v => v.Hinted!.Contains(steady))} of {hinted.Count}: {string.Join("\n", later.Select(v => $"{v.Number} {v.Decision}"))}");
        Assert.All(later, v => Assert.Empty(v.Named.Except(v.Promised)));
    }

    /// <summary>Views a page often, on new connections: each time as a client that takes a 103, and every other time as one that takes pushes.</summary>
    private async Task<IReadOnlyList<View>> ViewAsync(string page, Func<int, string> elements)
    {
        var views = new List<View>();
        for (var i = 0; i < Views; i++)
        {
            var body = elements(i);
            site.Origin.Page(page, body);
            string[] named = [.. body.Split("href=").Skip(1).Select(e => e.Split('>')[0])];
            if (i % 2 == 0)
            {
                var hinted = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "sec-fetch-dest: document", "--no-push");
                views.Add(new View(i, named, [.. hinted.Hints.SelectMany(h => h.Preloads)], [.. hinted.Page!.Preloads], hinted.Page.Decision));
            }
            else
            {
                // What is promised besides what the page names is promised in advance.
                var pushed = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "sec-fetch-dest: document");
                views.Add(new View(i, named, null, [.. pushed.Promised], pushed.Page!.Decision));
            }

            await site.UntilReadAsync();
        }

        return views;
    }

    /// <summary>One view of a page.</summary>
    /// <param name="Number">How many there were before.</param>
    /// <param name="Named">What the page named.</param>
    /// <param name="Hinted">What a 103 named; null for a client that takes pushes.</param>
    /// <param name="Promised">What was promised before the answer or with it; what the answer linked, for a client that takes a 103.</param>
    /// <param name="Decision">What the debug header said.</param>
    private sealed record View(
        int Number, IReadOnlyList<string> Named, IReadOnlyList<string>? Hinted, IReadOnlyList<string> Promised, string Decision)
    {
        public IReadOnlyList<string> Wrong { get; } = [.. (Hinted ?? Promised).Except(Named)];
    }
}
