using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>Responses as well-behaved origins give them.</summary>
internal static class Responses
{
    public static IEnumerable<PassThroughCase> All =>
    [
        new(
            "a plain file",
            RawRequest.Response("200 OK", "Content-Type: text/css\nETag: \"1\"\nCache-Control: max-age=60", "p { color: red }")),
        new("an ordinary page", Pages.Html(Pages.Ordinary)),
        new("an empty page", Pages.Html("")),
        new("a page of one byte", Pages.Html("<")),
        new(
            "a page with Link headers of its own",
            Pages.Html(
                Pages.Ordinary,
                "Link: </site.css>; rel=preload; as=style, <https://x.test/a,b>; rel=\"preconnect\"\nLink: </next>; rel=next")),
        new(
            "a page with cookies, validators and repeated fields",
            Pages.Html(
                Pages.Ordinary,
                "Set-Cookie: a=1; Path=/\nSet-Cookie: b=2\nVary: Accept\nVary: Cookie\nETag: W/\"x\"\nLast-Modified: Mon, 01 Jan 2024 "
                + "00:00:00 GMT\nX-Empty:\nX-Twice: 1\nX-Twice: 2")),
        new(
            "fields of the origin's own",
            RawRequest.Response(
                "200 OK",
                "Server: old/1.0\nDate: Mon, 01 Jan 2024 00:00:00 GMT\nVia: 1.0 fred\nAge: 7\nx-lower: Kept\nAlt-Svc: "
                + "h3=\":443\"\nStrict-Transport-Security: max-age=1",
                "x")),
        new("a field of 16 kB", RawRequest.Response("200 OK", "X-Long: " + new string('x', 16_000), "x")),
        new("a reason phrase of its own", RawRequest.Response("200 Certainly", "Content-Type: text/html", Pages.Ordinary)),
        new("no reason phrase", RawRequest.Response("200 ", "Content-Type: text/html", Pages.Ordinary)),
        new("an HTTP/1.0 response", async request =>
        {
            await request.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + Pages.Ordinary);
            request.Close();
        }),
        new("a response that announces the end of its connection", async request =>
        {
            await request.WriteAsync(RawRequest.Response("200 OK", "Connection: close\nContent-Type: text/plain", "bye"));
            request.Close();
        }),
        new(
            "a range",
            RawRequest.Response(
                "206 Partial Content", "Content-Type: text/html\nContent-Range: bytes 0-9/100\nAccept-Ranges: bytes", "<html><hea"))
        {
            Request = WithHeaders(("Range", "bytes=0-9")),
            Outcome = "206 complete",
        },
        new(
            "two ranges",
            RawRequest.Response(
                "206 Partial Content",
                "Content-Type: multipart/byteranges; boundary=b",
                "--b\r\nContent-Range: bytes 0-0/9\r\n\r\n<\r\n--b--"))
        {
            Request = WithHeaders(("Range", "bytes=0-0,5-6")),
            Outcome = "206 complete",
        },
        new("a range that cannot be had", RawRequest.Response("416 Range Not Satisfiable", "Content-Range: bytes */9", ""))
        {
            Request = WithHeaders(("Range", "bytes=99-"), ("If-Range", "\"x\"")),
            Outcome = "416 complete",
        },
        new("not modified", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Type: text/html\r\nCache-Control: max-age=5\r\n\r\n")
        {
            Request = WithHeaders(("If-None-Match", "\"1\"")),
            Outcome = "304 complete",
        },
        new("not modified, with a length", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 150\r\n\r\n")
        {
            Request = WithHeaders(("If-Modified-Since", "Mon, 01 Jan 2024 00:00:00 GMT")),
            Outcome = "304 complete",
        },
        new("no content", "HTTP/1.1 204 No Content\r\nContent-Type: text/html\r\n\r\n") { Outcome = "204 complete" },
        new("HEAD of a page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 150\r\n\r\n")
        {
            Request = path => new("HEAD", path),
        },
        new("HEAD of a chunked page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        {
            Request = path => new("HEAD", path),
        },
        new("a redirect with a page", RawRequest.Response(
            "302 Found", "Content-Type: text/html\nLocation: /elsewhere?a=b", Pages.Ordinary)) { Outcome = "302 complete" },
        new("a page that is not found", RawRequest.Response(
            "404 Not Found", "Content-Type: text/html", Pages.Ordinary)) { Outcome = "404 complete" },
        new("a page about an error", RawRequest.Response(
            "503 Service Unavailable", "Content-Type: text/html\nRetry-After: 5", Pages.Ordinary)) { Outcome = "503 complete" },
        new(
            "a demand for a password",
            RawRequest.Response(
                "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\nWWW-Authenticate: Digest qop=\"auth, auth-int\"", "no"))
        {
            Outcome = "401 complete",
        },
        new("a status nobody knows", RawRequest.Response(
            "599 What", "Content-Type: text/html", Pages.Ordinary)) { Outcome = "599 complete" },
        new("trailers", Trailers("text/plain")) { Request = WithHeaders(("TE", "trailers")) },
        new("trailers after a page", Trailers("text/html")) { Request = WithHeaders(("TE", "trailers")) },
        new(
            "early hints and other interim responses",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n"
                + Pages.Html(Pages.Ordinary)),
        new("a page as gzip", Pages.HtmlBytes(Pages.Compress("gzip"), "Content-Encoding: gzip\r\nVary: Accept-Encoding")),
        new("a page as br", Pages.HtmlBytes(Pages.Compress("br"), "Content-Encoding: br")),
        new("a page as deflate", Pages.HtmlBytes(Pages.Compress("deflate"), "Content-Encoding: deflate")),
        new("a page in an encoding nobody knows", Pages.HtmlBytes([1, 2, 3, 0, 255], "Content-Encoding: x-secret")),
        new("a page compressed twice", Pages.HtmlBytes(Pages.Compress("gzip"), "Content-Encoding: deflate, gzip")),
        new(
            "a stylesheet as gzip",
            RawRequest.Response(
                "200 OK",
                "Content-Type: text/css\nContent-Encoding: gzip",
                System.Text.Encoding.Latin1.GetString(Pages.Compress("gzip", "p{}")))),
        new("a page without Content-Type", RawRequest.Response("200 OK", "X-Kind: page", Pages.Ordinary)),
        new(
            "a page with a Content-Type in capitals",
            RawRequest.Response("200 OK", "Content-Type: TEXT/HTML;CHARSET=\"UTF-8\"", Pages.Ordinary)),
        new(
            "a page with a Content-Type that is none",
            RawRequest.Response("200 OK", "Content-Type: text/html, text/html; charset", Pages.Ordinary)),
        new("a page of XHTML", RawRequest.Response("200 OK", "Content-Type: application/xhtml+xml", Pages.Ordinary)),
        new("a page for downloading", Pages.Html(Pages.Ordinary, "Content-Disposition: attachment; filename=\"a.html\"")),
        new("a page nobody may keep", Pages.Html(Pages.Ordinary, "Cache-Control: private, no-store, no-transform")),
    ];

    private static Func<string, ClientRequest> WithHeaders(params (string, string)[] headers) =>
        path => new ClientRequest("GET", path) { Headers = headers };

    private static Func<RawRequest, Task> Trailers(string contentType) => async request =>
    {
        await request.WriteAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-Other\r\n\r\n");
        await request.WriteChunkAsync(Pages.Ordinary);
        await request.WriteAsync("0\r\nX-Sum: 42\r\nX-Other: a\r\n\r\n");
    };
}
