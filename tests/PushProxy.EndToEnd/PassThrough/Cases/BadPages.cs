using System.Globalization;
using System.Text;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>HTML that no author should have written; it passes as it is.</summary>
internal static class BadPages
{
    private const int Megabyte = 1 << 20;

    public static IEnumerable<PassThroughCase> All =>
    [
        new(
            "tag soup",
            Pages.Html(
                "<html><<head></p><link rel=stylesheet href=/a.css <link rel='stylesheet\" href=/b.css><script "
                + "src=x></b></html></html><head>")),
        new("truncated within a tag", Pages.Html(Pages.Ordinary[..75])),
        new("truncated within a comment", Pages.Html("<head><!-- <link rel=stylesheet href=/a.css>")),
        new("truncated within a script", Pages.Html("<head><script>document.write('<link rel=stylesheet href=/a.css>")),
        new(
            "NUL and control bytes",
            Pages.Html("<head>\0<link rel=stylesheet href=/a\0.css>\x1B\x7F\xFF\xFE<script src=\"/\x01.js\"></script>")),
        new(
            "10,000 links",
            Pages.Html("<head>" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"<link rel=stylesheet href=/{i}.css>")))),
        new("20,000 elements deep", Pages.Html(string.Concat(Enumerable.Repeat("<div>", 20_000)))),
        new("an attribute of 1 MB", Pages.Html($"<head><link rel=stylesheet href=/{new string('a', Megabyte)}.css>")),
        new(
            "a tag with 10,000 attributes",
            Pages.Html(
                "<head><link rel=stylesheet " + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}=1 ")) + "href=/a.css>")),
        new(
            "URLs with CR and LF",
            Pages.Html(
                "<head><link rel=stylesheet href='/a.css&#13;&#10;Set-Cookie: x=1'><link rel=stylesheet href='/b\r\nX-Injected: "
                + "1.css'><script src=\"/c.js\n>; rel=preload, </evil\"></script>")),
        new(
            "URLs that are not ASCII",
            Pages.Html(
                "<head><link rel=stylesheet href=/st\xC3\xBCck.css><link rel=stylesheet href='/\xFF\xFE.css'><script "
                + "src=https://\xD0\xBF\xD1\x80.test/\xF0\x9F\x98\x80.js></script>")),
        new(
            "URLs that would break a Link header",
            Pages.Html(
                "<head><link rel=stylesheet href='/a>;rel=next,<b.css'><link rel=stylesheet href='/\"q\".css'><link rel=stylesheet "
                + "href='http://[::1'><link rel=stylesheet href='javascript:x'><link rel=stylesheet href='//'>")),
        new(
            "a base that leads elsewhere",
            Pages.Html("<head><base href='ftp://x.test/'><base href=/other/><link rel=stylesheet href=a.css>")),
        new("a character set nobody knows", RawRequest.Response("200 OK", "Content-Type: text/html; charset=x-nonsense", Pages.Ordinary)),
        new(
            "a character set that is wrong",
            RawRequest.Response(
                "200 OK", "Content-Type: text/html; charset=utf-16", "<meta charset=koi8-r>" + Pages.Ordinary + "\xFF\xFE\xC3\x28")),
        new("UTF-16 with a byte order mark", Pages.HtmlBytes([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Pages.Ordinary)], "X-A: 1")),
        new(
            "UTF-7 in a meta element",
            Pages.Html("<meta http-equiv=content-type content='text/html;charset=utf-7'>+ADw-script+AD4-" + Pages.Ordinary)),
        new("gzip that is cut off", Pages.HtmlBytes(Pages.Compress("gzip")[..^20], "Content-Encoding: gzip")),
        new(
            "gzip with a broken checksum",
            Pages.HtmlBytes([.. Pages.Compress("gzip")[..^8], 1, 2, 3, 4, 5, 6, 7, 8], "Content-Encoding: gzip")),
        new("gzip that is none", Pages.HtmlBytes(Encoding.ASCII.GetBytes(Pages.Ordinary), "Content-Encoding: gzip")),
        new("br that is none", Pages.HtmlBytes(Encoding.ASCII.GetBytes(Pages.Ordinary), "Content-Encoding: br")),
        new("gzip with something after its end", Pages.HtmlBytes([.. Pages.Compress("gzip"), 0, 1, 2, 3], "Content-Encoding: gzip")),
        new(
            "gzip that grows to 100 MB",
            Pages.HtmlBytes(
                Pages.Compress(
                    "gzip", "<head>" + string.Concat(Enumerable.Repeat("<link rel=stylesheet href=/a.css>", 100 * Megabyte / 33))),
                "Content-Encoding: gzip")),
        new("an HTML page of 50 MB", FiftyMegabytes) { Rounds = 1 },
        new("an HTML page without end", Endless)
        {
            Request = path => new ClientRequest("GET", path) { StopAfter = 16 * Megabyte },
            OriginNoticesTheEnd = true,
            Outcome = "200 left",
            Rounds = 1,
        },
    ];

    private static async Task FiftyMegabytes(RawRequest request)
    {
        await request.WriteAsync(
            string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {50 * Megabyte}\r\n\r\n"));
        await LargePage.WriteAsync(50, bytes => request.WriteAsync(bytes));
    }

    private static async Task Endless(RawRequest request)
    {
        await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n");
        try
        {
            while (true)
            {
                await LargePage.WriteAsync(1, async bytes =>
                {
                    await request.WriteAsync($"{bytes.Length:x}\r\n");
                    await request.WriteAsync(bytes);
                    await request.WriteAsync("\r\n");
                });
            }
        }
        catch (IOException)
        {
            request.Close();
        }
    }
}
