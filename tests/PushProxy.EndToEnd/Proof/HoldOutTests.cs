using System.Text.Json;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Proof;

/// <summary>Some visitors get pages as their origin sends them, and what the others gain is measured against them.</summary>
public sealed class HoldOutTests(HalfHeldOutSite site) : IClassFixture<HalfHeldOutSite>
{
    private const string HeldOut = "none;skip=visitor-held-out";
    private static readonly string[] s_navigation =
        ["accept: text/html", "sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-fetch-site: none"];

    [Fact]
    public async Task Half_of_the_networks_get_the_page_as_it_is_and_the_same_ones_again()
    {
        await site.LearnAsync("/half/", "/half/a.css", "/half/b.js");
        var arms = new List<bool>();
        for (var network = 1; network <= 16; network++)
        {
            var first = await ViewAsync("/half/", $"127.20.{network}.1", push: network % 2 == 0);
            var isHeldOut = first.Decision == HeldOut;
            arms.Add(isHeldOut);
            if (isHeldOut)
            {
                Assert.Empty(first.Delivered);
                Assert.Empty(first.Hints);
                Assert.Null(first["set-cookie"]);
            }
            else
            {
                Assert.Equal(["/half/a.css", "/half/b.js"], first.Delivered);
                Assert.Contains(";arm=delivered", first.Decision, StringComparison.Ordinal);
            }

            // Another connection, and another address of the network.
            var again = await ViewAsync("/half/", $"127.20.{network}.2", push: true);
            Assert.Equal(isHeldOut, again.Decision == HeldOut);
        }

        Assert.Contains(true, arms);
        Assert.Contains(false, arms);
    }

    [Fact]
    public async Task Another_browser_of_the_same_network_is_another_visitor()
    {
        await site.LearnAsync("/agents/", "/agents/a.css");
        var arms = new List<bool>();
        for (var agent = 0; agent < 16; agent++)
        {
            arms.Add((await ViewAsync("/agents/", "127.21.0.1", push: true, $"user-agent: browser {agent}")).Decision == HeldOut);
        }

        Assert.Contains(true, arms);
        Assert.Contains(false, arms);
    }

    [Fact]
    public async Task The_machine_itself_is_never_held_out()
    {
        await site.LearnAsync("/itself/", "/itself/a.css");
        for (var agent = 0; agent < 16; agent++)
        {
            var seen = await ViewAsync("/itself/", from: null, push: true, $"user-agent: browser {agent}");
            Assert.Equal(["/itself/a.css"], seen.Delivered);
            Assert.DoesNotContain("arm=", seen.Decision, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Views_of_both_arms_are_measured()
    {
        await site.LearnAsync("/measured/", "/measured/a.css", "/measured/b.js");
        var before = await MeasuredAsync();
        foreach (var isHeldOut in new[] { true, false })
        {
            await using var client = await VisitorOfAsync("/measured/", isHeldOut);
            if (isHeldOut)
            {
                // As a browser, it asks for what the page names.
                await client.GetAsync("/measured/a.css");
                await client.GetAsync("/measured/b.js");
            }
        }

        await Eventually.TrueAsync(
            async () => await MeasuredAsync() is var now && now.HeldOut > before.HeldOut && now.Delivered > before.Delivered,
            () => $"The views were not measured.\n{site.Proxy.Log}");
        using var http = new HttpClient();
        using var proof = JsonDocument.Parse(await http.GetStringAsync(new Uri(site.Proxy.Management, "/proof"), TestContext.Current.CancellationToken));
        var all = proof.RootElement[0];
        Assert.Equal("all", all.GetProperty("kind").GetString());
        var display = all.GetProperty("measures")[0];
        Assert.Equal("display", display.GetProperty("measure").GetString());
        Assert.Equal("not-yet-decided", display.GetProperty("verdict").GetString());
        Assert.InRange(display.GetProperty("heldOut").GetProperty("views").GetInt32(), 1, 1000);
        Assert.InRange(display.GetProperty("delivered").GetProperty("views").GetInt32(), 1, 1000);
    }

    [Fact]
    public async Task Visitors_held_out_get_what_stock_YARP_sends()
    {
        await site.LearnAsync("/stock/", "/stock/a.css");
        await using var proxy = await PushProxyProcess.StartAsync(
            new TestCertificate(), "--origin", site.Origin.Url.AbsoluteUri, "--PushProxy:Defaults:HoldOut=50",
            "--PushProxy:Defaults:HoldOutStore=true", "--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true");
        await using var stock = await StockYarp.StartAsync(
            $$"""
            { "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "{**all}" }, "Transforms": [ { "RequestHeaderOriginalHost": "true" } ] } },
                "Clusters": { "site": { "Destinations": { "only": { "Address": "{{site.Origin.Url}}" } } } } } }
            """, new TestCertificate());
        var expected = await PageAsync(stock.Secure, from: null);
        var same = 0;
        for (var network = 1; network <= 16; network++)
        {
            // The first views teach, the last is told.
            for (var view = 0; view < 3; view++)
            {
                var seen = await PageAsync(proxy.Secure, $"127.22.{network}.1");
                same += view == 2 && seen == expected ? 1 : 0;
            }
        }

        Assert.InRange(same, 1, 15);

        async Task<string> PageAsync(Uri origin, string? from)
        {
            await using var client = NodeConnection.Open(origin, push: false, from);
            var answer = await client.GetAsync("/stock/", [.. s_navigation, "accept-encoding: gzip, br"]);
            return $"{answer.Status} {string.Join(';', answer.Fields.Where(static f => f.Name != "date"))} {answer.Hints.Count} {answer.Body}";
        }
    }

    private async Task<(double HeldOut, double Delivered)> MeasuredAsync() => (
        await site.Proxy.MetricAsync("pushproxy_views_total", "arm=\"held-out\"", "outcome=\"measured\""),
        await site.Proxy.MetricAsync("pushproxy_views_total", "arm=\"delivered\"", "outcome=\"measured\""));

    private async Task<NodeConnection> VisitorOfAsync(string page, bool isHeldOut)
    {
        for (var network = 1; network < 64; network++)
        {
            var client = NodeConnection.Open(site.Url("/"), push: true, $"127.23.{network}.1");
            if (((await client.GetAsync(page, s_navigation)).Decision == HeldOut) == isHeldOut)
            {
                return client;
            }

            await client.DisposeAsync();
        }

        throw new InvalidOperationException("No visitor of this arm.");
    }

    private async Task<NodeAnswer> ViewAsync(string page, string? from, bool push, params string[] fields)
    {
        await using var client = NodeConnection.Open(site.Url("/"), push, from);
        return await client.GetAsync(page, [.. s_navigation, .. fields]);
    }
}
