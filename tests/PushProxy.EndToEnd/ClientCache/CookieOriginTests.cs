using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>The proxy's cookie is nobody else's business: no origin sees it, and it changes nothing but what is delivered.</summary>
public sealed class CookieOriginTests(CacheSite site) : IClassFixture<CacheSite>
{
    private const string Ours = CookieJar.Name + "=AAAA";

    [Theory]
    [InlineData(new[] { Ours }, null)]
    [InlineData(new[] { Ours + "; a=1; b=2" }, "a=1; b=2")]
    [InlineData(new[] { "a=1; " + Ours + "; b=2" }, "a=1; b=2")]
    [InlineData(new[] { "a=1; b=2; " + Ours }, "a=1; b=2")]
    [InlineData(new[] { Ours + "; a=1; " + Ours }, "a=1")]
    [InlineData(new[] { "a=1", Ours, "b=2" }, "a=1; b=2")]
    [InlineData(new[] { "x" + Ours + "; a=" + Ours }, "x" + Ours + "; a=" + Ours)]
    public async Task The_origin_never_sees_it(string[] cookies, string? left)
    {
        var page = await MakeAsync(site, $"/origin-{Math.Abs(string.Concat(cookies).GetHashCode(StringComparison.Ordinal))}/");
        var fields = cookies.Select(c => "cookie: " + c).ToArray();
        await using var client = NodeConnection.Open(site.Proxy.Secure);

        // A page, what is pushed with it, a file, and what a form sends.
        var view = await page.LookAsync(client, fields);
        await client.GetAsync(page.Path + "file.css", fields);
        await client.SendAsync(new NodeRequest(page.Path + "form") { Method = "POST", Body = "a=1", Fields = fields });

        Assert.Equal(page.Resources, view.Promised);
        Assert.Equal(left, site.Origin.RequestsFor(page.Path)[^1].Value("Cookie"));

        // What is pushed because the visitor's own page names it is asked for with the visitor's other cookies.
        Assert.All(page.Resources, r => Assert.Equal(left, site.Origin.RequestsFor(r)[^1].Value("Cookie")));

        Assert.All(view.Pushes, p => Assert.DoesNotContain(p.Request, f => f.Value.StartsWith(Ours, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Whatever_the_method(string method)
    {
        var path = $"/method-{method}/";
        site.Origin.On(path, "200 OK", "Content-Type: text/plain", "text");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        await client.SendAsync(new NodeRequest(path) { Method = method, Fields = [$"cookie: a=1; {Ours}"] });
        await Curl.HeadsAsync(site.Url(path), "--http1.1", method == "HEAD" ? "--head" : "-X" + method, $"Cookie: {Ours}; b=1");
        Assert.Equal(["a=1", "b=1"], site.Origin.RequestsFor(path).Select(r => r.Value("Cookie")));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Nor_does_a_WebSocket_tell_it(string version)
    {
        var path = $"/socket-{version}";
        site.Origin.On(path, "403 Forbidden", "X-Kind: socket", "");
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("User-Agent", "socket");
        socket.Options.SetRequestHeader("Cookie", $"a=1; {Ours}");
        using var client = new HttpClient(Http2Client.NewHandler());
        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(
            () => socket.ConnectAsync(
                new UriBuilder(site.Url(path)) { Scheme = "wss" }.Uri, client, TestContext.Current.CancellationToken));
        Assert.Equal("a=1", Assert.Single(site.Origin.RequestsFor(path)).Value("Cookie"));
    }

    [Fact]
    public async Task It_makes_nobody_a_member()
    {
        // Seen by clients with nothing but this cookie: it is everyone's page all the same, and learned as such.
        site.Origin.Files("/everyone/a.css");
        site.Origin.Page("/everyone/", Early.EarlySite.Elements("/everyone/a.css"));
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var first = await client.GetAsync("/everyone/", AsPage, $"cookie: {Ours}");
        await site.Proxy.UntilPrintedAsync("/everyone/: 1 critical");
        var later = await Eventually.AnswerAsync(
            NewAsync, answer => answer.Decision.StartsWith("learned", StringComparison.Ordinal), "a page that is learned");

        Assert.StartsWith("head", first.Decision, StringComparison.Ordinal);
        Assert.Equal(["/everyone/a.css"], later.Promised);

        async Task<NodeAnswer> NewAsync()
        {
            await using var other = NodeConnection.Open(site.Proxy.Secure);
            return await other.GetAsync("/everyone/", AsPage);
        }
    }

    [Fact]
    public async Task It_tells_no_variants_apart()
    {
        var page = await MakeAsync(site, "/vary/", "Vary: Cookie");
        var cookie = await CookieJar.EarnAsync(site, page);
        foreach (var value in new[] { cookie, "AAAA", "BBBB" })
        {
            await using var client = NodeConnection.Open(site.Proxy.Secure);
            var view = await page.LookAsync(client, CookieJar.Field(value));
            Assert.StartsWith("learned", view.Decision, StringComparison.Ordinal);
            Assert.Equal(value == cookie ? [] : page.Resources, view.Promised);
        }
    }
}
