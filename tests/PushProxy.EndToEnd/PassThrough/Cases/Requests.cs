using System.Text;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>Requests of all kinds: the origin must get them as stock YARP sends them.</summary>
internal static class Requests
{
    private static readonly Func<RawRequest, Task> Page = request => request.WriteAsync(Pages.Html(Pages.Ordinary));

    public static IEnumerable<PassThroughCase> All =>
    [
        new("a browser's navigation", Page) { Request = Navigation },
        new("a navigation by reload", Page)
        {
            Request = path =>
                Navigation(path) with { Headers = [.. Navigation(path).Headers, ("Cache-Control", "no-cache"), ("Pragma", "no-cache")] },
        },
        new("cookies, credentials and forwarding fields", Page)
        {
            Request = path =>
                new("GET", path)
                {
                    Headers =
                    [
                        ("Cookie", "a=1; b=2"), ("Authorization", "Basic eDp5"), ("X-Forwarded-For", "10.0.0.1"),
                        ("Forwarded", "for=10.0.0.1"), ("Referer", "https://site.test/"), ("Origin", "https://x.test"),
                    ],
                },
        },
        new("a trace that the client has begun", Page)
        {
            Request = path =>
                new("GET", path)
                {
                    Headers =
                    [
                        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "a=1"),
                        ("baggage", "b=2"),
                    ],
                },
        },
        new("a query with odd characters", Page)
        {
            Request = path => new("GET", path + "?a=1&a=2&b=%20%2F+;x[]=&empty=&%E2%82%AC&utm_source=x"),
        },
        new("a long query", Page) { Request = path => new("GET", path + "?q=" + new string('x', 4000)) },
        new("an escaped path", Page) { Request = path => new("GET", path + "/x/%2e%2E/a%2Fb%20c/%C3%A9/;v=1//x") },
        new("dots in the path", Page) { Request = path => new("GET", path + "/a/../b/./c") },
        new("bytes in the path that are not ASCII", Page)
        {
            Request = path => new("GET", path + "/\xC3\xA9"),
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("an escaped NUL in the path", Page)
        {
            Request = path => new("GET", path + "/%00"),
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("a request target with a space", Page)
        {
            Request = path => new("GET", path + "/a b"),
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("a request target with a bare line feed", Page)
        {
            Request = path => new("GET", path + "/a\nX-Smuggled: 1"),
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("an absolute request target", Page) { Request = path => new("GET", "http://site.test" + path), On = Wires.OnlyHttp1 },
        new("a field name that is none", Page)
        {
            Request = path => new("GET", path) { Headers = [("bad name", "x")] },
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("a field of 40 kB", Page)
        {
            Request = path => new("GET", path) { Headers = [("X-Long", new string('x', 40_000))] },
            On = Wires.OnlyHttp1,
            Outcome = "431 complete",
        },
        new("two Host fields", Page)
        {
            Request = path => new("GET", path) { Headers = [("Host", "other.test")] },
            On = Wires.OnlyHttp1,
            Outcome = "400 complete",
        },
        new("hop-by-hop fields", Page)
        {
            Request = path =>
                new("GET", path)
                {
                    Headers = [("Connection", "X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive")],
                },
            On = Wires.OnlyHttp1,
        },
        new("a client that wants the connection closed", Page)
        {
            Request = path => new("GET", path) { Headers = [("Connection", "close")] },
            On = Wires.OnlyHttp1,
        },
        new("an upgrade nobody offers", Page)
        {
            Request = path => new("GET", path) { Headers = [("Connection", "Upgrade"), ("Upgrade", "h2c")] },
            On = Wires.OnlyHttp1,
        },
        new("OPTIONS", Read("204 No Content", "Allow: GET, POST"))
        {
            Request = path => new("OPTIONS", path) { Headers = [("Access-Control-Request-Method", "PUT")] },
            Outcome = "204 complete",
        },
        new("DELETE", Read("200 OK", "X-Gone: 1")) { Request = path => new("DELETE", path) },
        new("a method of its own", Read("200 OK", "X-Purged: 1")) { Request = path => new("PURGE", path) },
        new("TRACE", Page) { Request = path => new("TRACE", path) },
        new("a form that answers with a page", async request =>
        {
            await request.ReadBodyAsync();
            await request.WriteAsync(Pages.Html(Pages.Ordinary));
        }) { Request = path => new("POST", path) { Body = [Bytes("a=1&b=2")],
        Headers = [("Content-Type", "application/x-www-form-urlencoded")] } },
        new("an empty upload", Read("200 OK", "X-A: 1")) { Request = path => new("POST", path) { Body = [] } },
        new("PUT of 1 MB", Read("201 Created", "Location: /new"))
        {
            Request = path => new("PUT", path) { Body = [Megabyte], Headers = [("Content-Encoding", "gzip")] },
            Outcome = "201 complete",
        },
        new("a chunked upload of 20 MB", Read("200 OK", "X-A: 1"))
        {
            Request = path => new("POST", path) { Body = [.. Enumerable.Repeat(Megabyte, 20)], Chunked = true },
            Rounds = 1,
        },
        new("an upload too large for the server", Read("200 OK", "X-A: 1"))
        {
            Request = path => new("POST", path) { Headers = [("Content-Length", "99999999999")] },
            On = Wires.OnlyHttp1,
            Outcome = "413 complete",
            MayReachOrigin = true,
        },
        new("an upload that waits for 100 Continue", async request =>
        {
            await request.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await request.ReadBodyAsync();
            await request.WriteAsync(RawRequest.Response("200 OK", "X-A: 1", "got it"));
        }) { Request = path => new("POST", path) { Body = [Bytes("expected")], ExpectContinue = true } },
    ];

    // What Chromium sends when a link is followed.
    private static ClientRequest Navigation(string path) => new("GET", path)
    {
        Headers =
        [
            ("sec-ch-ua", "\"Chromium\";v=\"156\""), ("sec-ch-ua-mobile", "?0"), ("Upgrade-Insecure-Requests", "1"),
            ("User-Agent", "Mozilla/5.0"),
            ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-User", "?1"), ("Sec-Fetch-Dest", "document"), ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Accept-Language", "de, en;q=0.5"), ("Priority", "u=0, i"),
        ],
    };

    private static ReadOnlyMemory<byte> Megabyte { get; } = Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31)).ToArray();

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static Func<RawRequest, Task> Read(string status, string headers) => async request =>
    {
        await request.ReadBodyAsync();
        await request.WriteAsync(status.StartsWith("204", StringComparison.Ordinal)
            ? $"HTTP/1.1 {status}\r\n{headers}\r\n\r\n"
            : RawRequest.Response(status, headers, "done"));
    };
}
