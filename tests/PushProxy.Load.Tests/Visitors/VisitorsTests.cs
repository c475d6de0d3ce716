using PushProxy.Load.Tests.Support;
using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Tests.Visitors;

/// <summary>The visitors: what they ask for, keep and count.</summary>
public sealed class VisitorsTests
{
    private static readonly VisitPlan OneByOne = new()
    {
        Url = new Uri("http://127.0.0.1/"),
        Protocol = VisitProtocol.Http1,
        Concurrency = 1,
        Views = 1,
        Timeout = TimeSpan.FromSeconds(20),
    };

    [Theory]
    [InlineData(VisitProtocol.Http1)]
    [InlineData(VisitProtocol.Http2)]
    [InlineData(VisitProtocol.Push)]
    internal async Task All_that_was_begun_is_accounted_for(VisitProtocol protocol)
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate);
        var plan = new VisitPlan
        {
            Url = proxy.Secure,
            Protocol = protocol,
            Rate = 15,
            Duration = TimeSpan.FromSeconds(3),
            Returning = 0.4,
            Cancelled = 0.3,
            Certificate = certificate.CertificateFile,
        };

        // Until it has learned the page, which on a busy machine takes a while, it tells and pushes nothing ahead.
        await Eventually.TrueAsync(
            async () => (await RunAsync(plan with { Duration = TimeSpan.FromSeconds(1), Returning = 0, Cancelled = 0 })).Counts is var seen
                && (protocol == VisitProtocol.Http1 || seen.EarlyHints.Used + seen.Pushes.Used > 0),
            () => "The page was never learned.\n" + proxy.Log);
        var ticks = new Ticks();
        var result = await RunAsync(plan, ticks);
        Consistent.Counts(result);
        Assert.Empty(result.Samples);
        Assert.Equal(45, result.Counts.Views.Started + result.Counts.Views.Late);
        Assert.InRange(result.Counts.Views.Cancelled, 1, 30);
        Assert.InRange(result.Counts.Views.Returning, 1, 30);
        Assert.Equal(protocol == VisitProtocol.Push, result.Counts.Pushes.Used > 0);
        Assert.Equal(protocol == VisitProtocol.Http2, result.Counts.EarlyHints.Used > 0);
        Assert.Equal(result.Counts.Requests.Bytes, ticks.Seen.Sum(static t => t.Counts.Requests.Bytes));
    }

    [Fact]
    public async Task They_ask_for_what_a_browser_would()
    {
        await using var nginx = await NginxOrigin.StartAsync(new Dictionary<string, string>
        {
            ["index.html"] = """
                <!doctype html><html><head><!-- <link rel=stylesheet href=commented.css> -->
                <link href="a.css?x=1&amp;y=2" rel="stylesheet"><link rel="alternate stylesheet" href=alternate.css>
                <link rel=stylesheet href=print.css media=print>
                <script src='a.js'></script><script>var s = "<img src=in-script.svg>";</script><noscript><img src=noscript.svg></noscript>
                <template><img src=template.svg></template></head><body><img src=a.svg>
                <img src=lazy.svg loading=lazy><img src="data:image/png;base64,AAAA">
                <script src=old.js nomodule></script><img src=https://example.org/elsewhere.svg></body></html>
                """,
            ["a.css"] = "@import 'b.css'; /* @import 'no.css'; */ @font-face { font-family: F; src: url(f.woff2) format('woff2'), "
                + "url(f.woff) } @font-face { src: url(g.woff2); unicode-range: U+400 }",
            ["b.css"] = "b { color: red }",
            ["print.css"] = "b { color: black }",
            ["a.js"] = "1",
            ["f.woff2"] = "font",
            ["a.svg"] = "<svg xmlns='http://www.w3.org/2000/svg'/>",
        });
        var result = await RunAsync(OneByOne with { Url = nginx.Url });
        Consistent.Counts(result);
        Assert.Empty(result.Samples);
        Assert.Equal(1, result.Counts.Requests.Elsewhere);
        Assert.Equal(
            ["/", "/a.css?x=1&y=2", "/a.js", "/a.svg", "/b.css", "/f.woff2", "/print.css"], nginx.Requested.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_returns_asks_only_for_what_is_stale_and_says_what_they_have()
    {
        await using var site = new ScriptedSite();
        site.Page(
            "/",
            "<link rel=stylesheet href=/fresh.css><link rel=stylesheet href=/tagged.css><link rel=stylesheet href=/never.css>",
            "Set-Cookie: seen=1; Path=/");
        site.On("/fresh.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=600", "a{}");
        site.On("/tagged.css", request => request.WriteAsync(request.Head.Value("If-None-Match") == "\"1\""
            ? RawRequest.Response("304 Not Modified", "ETag: \"1\"", "")
            : RawRequest.Response("200 OK", "Content-Type: text/css\nCache-Control: no-cache\nETag: \"1\"", "a{}")));
        site.On("/never.css", "200 OK", "Content-Type: text/css\nCache-Control: no-store\nETag: \"1\"", "a{}");
        var result = await RunAsync(OneByOne with { Url = site.Url, Views = 3, Returning = 1 });
        Consistent.Counts(result);
        Assert.Empty(result.Samples);
        Assert.Equal(2, result.Counts.Views.Returning);
        Assert.Equal(2, result.Counts.Requests.FromCache);
        Assert.Equal(2, result.Counts.Requests.NotModified);
        Assert.Single(site.RequestsFor("/fresh.css"));
        Assert.Equal([null, "\"1\"", "\"1\""], site.RequestsFor("/tagged.css").Select(static r => r.Value("If-None-Match")));
        Assert.Equal([null, null, null], site.RequestsFor("/never.css").Select(static r => r.Value("If-None-Match")));
        Assert.Equal([null, "seen=1", "seen=1"], site.RequestsFor("/").Select(static r => r.Value("Cookie")));
        Assert.Equal("document", site.RequestsFor("/")[0].Value("Sec-Fetch-Dest"));
        Assert.Equal("style", site.RequestsFor("/fresh.css")[0].Value("Sec-Fetch-Dest"));
    }

    [Theory]
    [InlineData("truncated", "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("lost", "")]
    [InlineData("protocol", "SPAM\r\n\r\n")]
    [InlineData("status", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    public async Task What_goes_wrong_is_told_by_kind(string kind, string answer)
    {
        await using var site = new ScriptedSite();
        site.Page("/", "<link rel=stylesheet href=/bad.css>", "Connection: close");
        site.On("/bad.css", async request =>
        {
            await request.WriteAsync(answer);
            request.Close();
        });
        var result = await RunAsync(OneByOne with { Url = site.Url });
        Consistent.Counts(result);
        Assert.Equal(1, result.Counts.Views.Failed);
        var sample = Assert.Single(result.Samples);
        Assert.Equal((kind, new Uri(site.Url, "/bad.css").AbsoluteUri), (sample.Kind, sample.Url));
    }

    [Fact]
    public async Task A_stream_that_is_reset_is_told_as_one()
    {
        await using var site = new ScriptedSite();
        site.Page("/", "<link rel=stylesheet href=/bad.css>");
        site.On("/bad.css", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 100\r\n\r\nshort");
            request.Close();
        });
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--origin", site.Url.AbsoluteUri);
        var result = await RunAsync(
            OneByOne with { Url = proxy.Secure, Protocol = VisitProtocol.Http2, Certificate = certificate.CertificateFile });
        Consistent.Counts(result);
        Assert.Equal((1, 1, 1), (result.Counts.Views.Failed, result.Counts.Requests.Failed, result.Counts.Requests.Answered));
        Assert.Equal("reset", Assert.Single(result.Samples).Kind);
    }

    [Fact]
    public async Task What_is_never_answered_is_a_timeout_and_what_finds_no_room_is_late()
    {
        await using var site = new ScriptedSite();
        site.Page("/", "<link rel=stylesheet href=/held.css>");
        site.Files("/held.css");
        site.Hold("/held.css");
        var result = await RunAsync(OneByOne with { Url = site.Url, Views = 10, Rate = 20, Timeout = TimeSpan.FromSeconds(1) });
        Consistent.Counts(result);
        Assert.Equal((1, 9), (result.Counts.Views.Started, result.Counts.Views.Late));
        Assert.Equal("timeout", Assert.Single(result.Samples).Kind);
    }

    private static Task<VisitResult> RunAsync(VisitPlan plan, IProgress<VisitTick>? progress = null) =>
        Load.Visitors.RunAsync(plan, progress, TestContext.Current.CancellationToken);

    private sealed class Ticks : IProgress<VisitTick>
    {
        public List<VisitTick> Seen { get; } = [];

        public void Report(VisitTick value) => Seen.Add(value);
    }
}
