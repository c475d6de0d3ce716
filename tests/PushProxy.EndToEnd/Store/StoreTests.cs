using System.Globalization;
using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>What the origin is asked when the program keeps its responses, as delivered, by clients nobody here wrote.</summary>
public sealed class StoreTests : InFrontOfAnOrigin
{
    private const string Assets = "--PushProxy:Defaults:Cache=assets", Debug = "--PushProxy:Defaults:DebugHeader=true";

    [Fact]
    public async Task Five_hundred_requests_for_one_missing_asset_ask_a_slow_origin_once()
    {
        await using var proxy = await StartAsync(Assets);
        Origin.Files("/a.css");
        var held = Origin.Hold("/a.css");
        var load = H2LoadAsync(proxy, "/a.css");
        await held.ArrivedAsync();
        await Eventually.EqualAsync(499, async () => (int)await proxy.MetricAsync("pushproxy_cache_waiting"));
        held.Release();
        Assert.Contains("500 succeeded, 0 failed", await load);
        Assert.Single(Origin.RequestsFor("/a.css"));
    }

    [Fact]
    public async Task Five_hundred_requests_for_one_missing_asset_ask_nginx_once()
    {
        await using var nginx = await NginxOrigin.StartAsync(new Dictionary<string, string> { ["a.css"] = new('x', 200_000) });
        await using var proxy = await PushProxyProcess.StartAsync(Certificate, "--origin", nginx.Url.AbsoluteUri, Assets);
        Assert.Contains("500 succeeded, 0 failed", await H2LoadAsync(proxy, "/a.css"));
        Assert.Equal(["/a.css"], nginx.Requested);
    }

    [Fact]
    public async Task Nobody_waits_for_a_private_page_of_another()
    {
        await using var proxy = await StartAsync("--PushProxy:Defaults:Cache=all", "--PushProxy:Defaults:Compression=true");
        Origin.Page("/account", "<link rel=stylesheet href=/a.css>", "Cache-Control: private, max-age=60");
        var held = Origin.Hold("/account");
        var load = H2LoadAsync(proxy, "/account", "-H", "cookie: session=1");

        // All of them are at the origin before it answers one.
        await Eventually.EqualAsync(500, () => Task.FromResult(Origin.RequestsFor("/account").Count));
        held.Release();
        Assert.Contains("500 succeeded, 0 failed", await load);
        Assert.Equal(500, Origin.RequestsFor("/account").Count);
    }

    [Theory]
    [InlineData("Cookie: user=1", "Cache-Control: max-age=60", 2)]
    [InlineData("Authorization: Basic YTpi", "Cache-Control: max-age=60", 2)]
    [InlineData("Cookie: user=1", "Cache-Control: public, max-age=60", 1)]
    [InlineData("Cookie: user=1", "Cache-Control: public, max-age=60\nSet-Cookie: user=1", 2)]
    [InlineData("X-Any: 1", "Cache-Control: private, max-age=60", 2)]
    [InlineData("X-Any: 1", "Cache-Control: max-age=60\nVary: Cookie", 2)]
    [InlineData("Cookie: __Host-pushproxy=AAAA", "Cache-Control: max-age=60", 1)]
    public async Task What_a_visitors_credentials_made_is_sent_to_nobody_else(string field, string response, int requests)
    {
        await using var proxy = await StartAsync(Assets, Debug);
        Origin.On("/a.css", "200 OK", "Content-Type: text/css\n" + response, "p{}");
        await Curl.HeadsAsync(new Uri(proxy.Secure, "/a.css"), "--http2", field);
        var other = Assert.Single(await Curl.HeadsAsync(new Uri(proxy.Secure, "/a.css"), "--http2"));
        Assert.Equal(requests, Origin.RequestsFor("/a.css").Count);
        Assert.Equal(requests == 1, other.Value("Cache-Status")!.StartsWith("PushProxy; hit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_of_a_visitor_is_not_stored_and_its_stylesheet_comes_from_the_store()
    {
        await using var proxy = await StartAsync(Assets, Debug);
        Origin.Page("/", "<link rel=stylesheet href=/a.css>", "Cache-Control: max-age=60");
        Origin.Files("/a.css");
        await using (var first = NodeConnection.Open(proxy.Secure, push: false))
        {
            await first.GetAsync("/", "sec-fetch-dest: document", "sec-fetch-mode: navigate", "user-agent: x");
            await first.GetAsync("/a.css", "user-agent: x");
        }

        // The program may have read it at the same moment, in another content coding.
        var before = Origin.RequestsFor("/a.css").Count;
        await using var second = NodeConnection.Open(proxy.Secure, push: false);
        await second.GetAsync("/", "sec-fetch-dest: document", "sec-fetch-mode: navigate", "user-agent: x");
        await second.GetAsync("/a.css", "user-agent: x");
        Assert.Equal(2, Origin.RequestsFor("/").Count);
        Assert.Equal(before, Origin.RequestsFor("/a.css").Count);
    }

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("POST", 2)]
    public async Task A_form_that_is_sent_makes_what_it_changes_new(string method, int requests)
    {
        await using var proxy = await StartAsync(Assets);
        Origin.Files("/data.json");
        var url = new Uri(proxy.Secure, "/data.json");
        await Curl.HeadsAsync(url, "--http2");
        await Curl.HeadsAsync(url, "--http2", $"--request {method}");
        await Curl.HeadsAsync(url, "--http2");
        Assert.Equal(requests, Origin.RequestsFor("/data.json").Count(static r => r.StartLine.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stale_asset_answers_while_the_origin_is_away()
    {
        await using var proxy = await StartAsync(Assets, Debug);
        Origin.On("/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=1", "p{}");
        var url = new Uri(proxy.Secure, "/a.css");
        await Curl.HeadsAsync(url, "--http2");
        Origin.On("/a.css", "503 Service Unavailable", "Content-Type: text/plain", "away");
        await Eventually.AnswerAsync(
            async () => Assert.Single(await Curl.HeadsAsync(url, "--http2")).Value("Cache-Status") ?? "",
            static status => status.Contains("stale-if-error", StringComparison.Ordinal),
            "a stale answer");
        Assert.Equal("200", Assert.Single(await Curl.HeadsAsync(url, "--http2")).StartLine.Split(' ')[1]);
    }

    [Fact]
    public async Task Pages_that_are_renewed_in_the_background_leave_nothing_behind()
    {
        await using var proxy = await StartAsync("--PushProxy:Defaults:Cache=all");
        var version = 0;
        Origin.On("/", request => request.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html\nCache-Control: max-age=1, stale-while-revalidate=600",
            ScriptedSite.Html($"<link rel=stylesheet href=/{Interlocked.Increment(ref version)}.css>"))));
        await Eventually.TrueAsync(
            async () =>
            {
                await Curl.HeadsAsync(proxy.Secure, "--http2", "User-Agent: x", "Accept: text/html", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate");
                return Volatile.Read(ref version) >= 3;
            },
            () => "The page was never renewed.");
        await Eventually.EqualAsync(0, async () => (int)await proxy.MetricAsync("pushproxy_learning_buffered_bytes"));
    }

    [Fact]
    public async Task What_breaks_off_breaks_off_for_the_client_and_is_not_stored()
    {
        await using var proxy = await StartAsync(Assets);
        Origin.On("/a.css", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nCache-Control: max-age=60\r\nContent-Length: 100\r\n\r\nthe beginning");
            request.Reset();
        });
        var url = new Uri(proxy.Secure, "/a.css");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Curl.HeadsAsync(url, "--http2"));
        Origin.Files("/a.css");
        Assert.Equal("200", Assert.Single(await Curl.HeadsAsync(url, "--http2")).StartLine.Split(' ')[1]);
    }

    [Fact]
    public async Task What_the_origins_connection_lists_is_neither_passed_nor_stored()
    {
        await using var proxy = await StartAsync(Assets);
        Origin.On("/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nConnection: x-hop, close\nX-Hop: 1\nX-End: 1", "p{}");
        for (var i = 0; i < 2; i++)
        {
            var head = Assert.Single(await Curl.HeadsAsync(new Uri(proxy.Secure, "/a.css"), "--http2"));
            Assert.Equal((null, "1"), (head.Value("X-Hop"), head.Value("X-End")));
        }

        Assert.Single(Origin.RequestsFor("/a.css"));
    }

    [Theory]
    [InlineData("--compressed", "zstd", "br")]
    [InlineData("Accept-Encoding: br", "br", "br")]
    [InlineData("Accept-Encoding: gzip", "gzip", "gzip")]
    [InlineData("Accept-Encoding: identity", null, null)]
    public async Task Text_leaves_compressed_first_as_it_streams_and_then_from_the_store(string option, string? streamed, string? stored)
    {
        var text = string.Join('\n', Enumerable.Range(0, 3000).Select(static i => $".c{i} {{ width: {i}px }}"));
        await using var nginx = await NginxOrigin.StartAsync(new Dictionary<string, string> { ["a.css"] = text, ["index.html"] = text });
        await using var proxy = await PushProxyProcess.StartAsync(
            Certificate, "--origin", nginx.Url.AbsoluteUri, Assets, "--PushProxy:Defaults:Compression=true");
        var url = new Uri(proxy.Secure, "/a.css");
        var first = Assert.Single(await Curl.HeadsAsync(url, "--http2", option));
        Assert.Equal((streamed, "Accept-Encoding"), (first.Value("Content-Encoding"), first.Value("Vary")));
        var last = await Eventually.AnswerAsync(
            async () => Assert.Single(await Curl.HeadsAsync(url, "--http2", option)),
            head => head.Value("Content-Length") is { } length
                && (stored is null || int.Parse(length, CultureInfo.InvariantCulture) < text.Length / 4),
            "the form that is kept");
        Assert.True(stored == last.Value("Content-Encoding") || (stored == "br" && last.Value("Content-Encoding") == "zstd"));

        // A page is not stored, and is compressed each time. curl decodes both to what nginx sent.
        foreach (var path in new[] { "/a.css", "/" })
        {
            var body = await ExternalTool.RunAsync(
                "curl", ["-sk", "--http2", "--compressed", new Uri(proxy.Secure, path).AbsoluteUri]);
            Assert.Equal(text, body.Output);
        }

        Assert.Single(nginx.Requested, "/a.css");
    }

    private static async Task<string> H2LoadAsync(PushProxyProcess proxy, string path, params string[] options)
    {
        var result = await ExternalTool.RunAsync(
            "h2load", ["-n", "500", "-c", "10", "-m", "50", "-H", "user-agent: h2load", .. options, new Uri(proxy.Secure, path).AbsoluteUri]);
        return string.Create(CultureInfo.InvariantCulture, $"{result.ExitCode}: {result.Output}");
    }
}
