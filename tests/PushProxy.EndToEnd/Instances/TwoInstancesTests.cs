using PushProxy.EndToEnd.Delivery;
using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Instances;

/// <summary>Two instances and a real Redis know as one.</summary>
public sealed class TwoInstancesTests(TwoInstances site) : IClassFixture<TwoInstances>
{
    private const string Host = "shop.test";

    [Fact]
    public async Task A_page_learned_by_one_is_pushed_by_the_other()
    {
        Put("/learned/", "/learned/a.css", "/learned/b.js");
        await TwoInstances.LearnAsync(site.A, "/learned/");
        await site.UntilKnownAsync(site.B, "/learned/", ["/learned/a.css", "/learned/b.js"]);
    }

    [Fact]
    public async Task A_404_seen_by_one_ends_the_hints_of_the_other()
    {
        Put("/gone/", "/gone/a.css", "/gone/b.js");
        await TwoInstances.LearnAsync(site.A, "/gone/");
        await site.UntilKnownAsync(site.B, "/gone/", ["/gone/a.css", "/gone/b.js"]);
        site.Origin.On("/gone/b.js", "404 Not Found", "X-Why: gone", "");
        using var client = new PageRequests();
        await client.GetAsync(new Uri(site.A.Secure, "/gone/b.js"), host: Host);
        await site.UntilKnownAsync(site.B, "/gone/", ["/gone/a.css"]);
    }

    [Fact]
    public async Task What_one_visitor_is_sent_by_one_is_told_by_nobody_until_the_other_has_sent_it_to_another()
    {
        Put("/counted/", "/counted/a.css");
        using (var first = new PageRequests())
        {
            await first.GetAsync(new Uri(site.A.Secure, "/counted/"), host: Host);
        }

        await UntilReadAsync(site.A);
        Assert.Empty(await site.KnownAsync(site.A, "/counted/"));

        // That look was the second connection, at A. The page is everybody's now, at both.
        await site.UntilKnownAsync(site.B, "/counted/", ["/counted/a.css"]);
    }

    [Fact]
    public async Task One_client_at_both_counts_as_one()
    {
        site.Origin.Files("/members/all.css");
        site.Origin.On("/members/", "200 OK", "Content-Type: text/html\nCache-Control: private", ScriptedSite.Html(
            EarlySite.Elements("/members/all.css")));
        foreach (var name in (string[])["alice", "bob"])
        {
            site.Origin.On($"/login-{name}", "204 No Content", $"Set-Cookie: session={name}-has-signed-in; Path=/", "");
            await TwoInstances.AskAsync(site.A, $"/login-{name}");
        }

        // What is promised with credentials has more to show than this.
        const string Hinted = "--no-push", Alice = "cookie: session=alice-has-signed-in", Bob = "cookie: session=bob-has-signed-in";
        foreach (var proxy in (PushProxyProcess[])[site.A, site.B, site.A])
        {
            await TwoInstances.AskAsync(proxy, "/members/", Alice);
            await UntilReadAsync(proxy);
        }

        Assert.Empty(await site.KnownAsync(site.B, "/members/", Hinted, Alice));
        Assert.Empty(await site.KnownAsync(site.A, "/members/", Hinted, Alice));

        // Bob comes to the other one alone. Both tell either from then on.
        await Eventually.TrueAsync(
            async () =>
            {
                await TwoInstances.AskAsync(site.B, "/members/", Bob);
                await UntilReadAsync(site.B);
                return (await site.KnownAsync(site.A, "/members/", Hinted, Alice)).Count > 0;
            },
            () => "Two clients at two instances never counted as two.\n" + site.A.Log + site.B.Log);
    }

    [Fact]
    public async Task A_purge_at_one_empties_the_other()
    {
        Put("/purged/", "/purged/a.css");
        await TwoInstances.LearnAsync(site.A, "/purged/");
        await site.UntilKnownAsync(site.B, "/purged/", ["/purged/a.css"]);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(site.A.Management, $"/purge?target={Uri.EscapeDataString($"https://{Host}/purged/*")}"));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        await site.UntilKnownAsync(site.B, "/purged/", []);
    }

    [Fact]
    public async Task While_redis_is_gone_each_learns_alone_and_when_it_is_back_all_know_the_same()
    {
        // With a Redis of its own, which is killed.
        await using var own = new TwoInstances();
        await own.InitializeAsync();
        own.Origin.Files("/before/a.css", "/meanwhile/a.css");
        own.Origin.Page("/before/", EarlySite.Elements("/before/a.css"));
        own.Origin.Page("/meanwhile/", EarlySite.Elements("/meanwhile/a.css"));
        await TwoInstances.LearnAsync(own.A, "/before/");
        await own.UntilKnownAsync(own.B, "/before/", ["/before/a.css"]);
        await own.Redis.KillAsync();
        await UntilAsync(own.A, "pushproxy_redis_connected", 0);
        await TwoInstances.LearnAsync(own.A, "/meanwhile/");
        await own.UntilKnownAsync(own.B, "/before/", ["/before/a.css"]);
        await own.Redis.StartAgainAsync();
        await UntilAsync(own.A, "pushproxy_redis_connected", 1);
        await own.UntilKnownAsync(own.B, "/meanwhile/", ["/meanwhile/a.css"]);

        // The new Redis knows what the one before it knew, so that a third instance does.
        await using var third = await own.StartAsync();
        await own.UntilKnownAsync(third, "/before/", ["/before/a.css"]);
        Assert.Single(own.A.LinesWith("warn:"));
    }

    private void Put(string path, params string[] resources)
    {
        site.Origin.Files(resources);
        site.Origin.Page(path, EarlySite.Elements(resources));
    }

    private static Task UntilReadAsync(PushProxyProcess proxy) => UntilAsync(proxy, "pushproxy_learning_buffered_bytes", 0);

    private static Task UntilAsync(PushProxyProcess proxy, string metric, double value) => Eventually.TrueAsync(
        async () => await proxy.MetricAsync(metric) == value, () => $"{metric} never was {value}.\n{proxy.Log}");
}
