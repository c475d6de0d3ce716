using System.Text.Json;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>What was saved and what was wasted is counted: in all, by page, and by resource.</summary>
public sealed class MetricTests(CacheSite site) : IClassFixture<CacheSite>
{
    private const string Saved = "pushproxy_saved_bytes_total";
    private const string Wasted = "pushproxy_wasted_bytes_total";

    [Fact]
    public async Task What_was_not_delivered_is_saved_and_what_was_reset_is_wasted()
    {
        // 1. A first view saves nothing, neither does one without evidence.
        var page = await MakeAsync(site, "/counted/");
        var wasted = await site.Proxy.MetricAsync(Wasted);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var first = await page.ViewAsync(client);
        Assert.Equal(0, await site.Proxy.MetricAsync(Saved));

        // 2. Five resources, three times: twice on this connection, once by the cookie.
        await page.LookAsync(client);
        await page.LookAsync(client);
        await using (var later = NodeConnection.Open(site.Proxy.Secure))
        {
            await page.LookAsync(later, CookieJar.Field(first.CookieValue()));
        }

        await CountedAsync(2 * 5 * ResourceBytes, Saved, "evidence=\"pushed-on-connection\"");
        await CountedAsync(5 * ResourceBytes, Saved, "evidence=\"in-cookie\"");
        await CountedAsync(3 * 5 * ResourceBytes, Saved);
        AssertCounted(await PageAsync(page.Path), page, saved: 3 * ResourceBytes, wasted: 0, saving: 3 * 5 * ResourceBytes);

        // 3. One that was pushed is asked for all the same. To validate it is no waste, nor to fetch it past the cache.
        await client.GetAsync(page.Resources[1], "if-none-match: \"1\"");
        await client.GetAsync(page.Resources[2], "cache-control: no-cache");
        await client.GetAsync(page.Resources[0]);
        await CountedAsync(wasted + ResourceBytes, Wasted);
        var known = await PageAsync(page.Path);
        Assert.Equal([ResourceBytes, 0, 0, 0, 0], page.Resources.Select(r => Resource(known, r).GetProperty("wastedBytes").GetInt32()));
    }

    [Fact]
    public async Task Every_byte_of_a_push_that_was_reset_is_wasted_and_counts_for_page_and_resource()
    {
        const string Half = "/* half of it";
        var page = await MakeAsync(site, "/reset/");
        site.Origin.On(page.Resources[1], async request =>
        {
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: \"1\"\r\n{TenMinutes}\r\nContent-Length: 100000\r\n\r\n{Half}");
            await request.HangAsync();
        });
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        await client.SendAsync(new NodeRequest(page.Path) { Fields = [AsPage], Resets = [(page.Resources[1], true)] });
        await site.UntilKnownAsync(page.Resources[1], "RefusedByClient");

        var known = await PageAsync(page.Path);
        Assert.Equal(Half.Length, known.GetProperty("wastedBytes").GetInt32());
        Assert.Equal(Half.Length, Resource(known, page.Resources[1]).GetProperty("wastedBytes").GetInt32());
        Assert.Equal(0, Resource(known, page.Resources[0]).GetProperty("wastedBytes").GetInt32());
    }

    [Fact]
    public async Task What_only_one_client_was_told_is_not_listed()
    {
        // A page for everyone, one for a member alone, and one of which two members share a part.
        await MakeAsync(site, "/public/", ["a.css"]);
        site.Origin.Page("/mine/", Early.EarlySite.Elements("/mine/secret.css"));
        site.Origin.On("/ours/", request => request.WriteAsync(Testing.Origins.RawRequest.Response(
            "200 OK",
            "Content-Type: text/html",
            Testing.Origins.ScriptedSite.Html(
                Early.EarlySite.Elements("/ours/shared.css", $"/ours/{request.Head.Value("Cookie")![^1]}.css")))));
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        await client.GetAsync("/mine/", AsPage, "cookie: session=0123456789abcdef-1");
        foreach (var name in new[] { "1", "2" })
        {
            await client.GetAsync("/ours/", AsPage, $"cookie: session={name}123456789abcdef-{name}");
        }

        var listed = "";
        await Eventually.TrueAsync(
            async () => (listed = await ListAsync()).Contains("/ours/shared.css", StringComparison.Ordinal),
            () => $"What both share was never listed: {listed}\n{site.Proxy.Log}");
        Assert.Contains("/public/a.css", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("/mine/", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("/ours/1.css", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("/ours/2.css", listed, StringComparison.Ordinal);
    }

    // What is read of the metrics may be a moment old.
    private async Task CountedAsync(double expected, string name, params string[] labels)
    {
        var counted = 0.0;
        await Eventually.TrueAsync(
            async () => (counted = await site.Proxy.MetricAsync(name, labels)) == expected,
            () => $"{name} should be {expected}, and is {counted}.");
    }

    private static void AssertCounted(JsonElement known, CachedPage page, int saved, int wasted, int saving)
    {
        Assert.Equal((saving, wasted), (known.GetProperty("savedBytes").GetInt32(), known.GetProperty("wastedBytes").GetInt32()));
        foreach (var path in page.Resources)
        {
            var resource = Resource(known, path);
            Assert.Equal(
                (ResourceBytes, saved, wasted),
                (
                    resource.GetProperty("size").GetInt32(),
                    resource.GetProperty("savedBytes").GetInt32(),
                    resource.GetProperty("wastedBytes").GetInt32()));
        }
    }

    private static JsonElement Resource(JsonElement page, string path) =>
        page.GetProperty("resources").EnumerateArray().Single(r => new Uri(r.GetProperty("url").GetString()!).AbsolutePath == path);

    private async Task<JsonElement> PageAsync(string path) =>
        JsonDocument.Parse(await ListAsync()).RootElement.GetProperty("pages").EnumerateArray()
            .Single(p => p.GetProperty("path").GetString() == path);

    private async Task<string> ListAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(site.Proxy.Management, "/pages"), TestContext.Current.CancellationToken);
    }
}
