using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>Origins that refuse, stall, hang up, lie, or speak something else than HTTP.</summary>
internal static class BadOrigins
{
    private const string HtmlOf100 = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 100";
    private const string ChunkedHtml = "HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked";

    public static IEnumerable<PassThroughCase> All =>
    [
        .. Stalling,
        .. WithoutAnAnswer.Select(c => c with { Outcome = "502 complete" }),
        .. CutOff.Select(c => c with { Outcome = "200 cut off" }),
        .. TakenAsTheyAre,
    ];

    private static IEnumerable<PassThroughCase> Stalling =>
    [
        new("an origin that never answers", request => request.HangAsync())
        {
            Cluster = Site.Impatient,
            Rounds = 1,
            OriginNoticesTheEnd = true,
            Outcome = "504 complete",
        },
        new("an origin that stalls within its head", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/ht");
            await request.HangAsync();
        }) { Cluster = Site.Impatient, Rounds = 1, OriginNoticesTheEnd = true, Outcome = "504 complete" },
        new("an origin that stalls within a page", async request =>
        {
            await request.WriteAsync(Raw(HtmlOf100) + "<head><link rel=stylesheet href=/a.css>");
            await request.HangAsync();
        }) { Cluster = Site.Impatient, OriginNoticesTheEnd = true, Outcome = "200 cut off" },
        new("a page slower than the activity timeout, but never still", async request =>
        {
            await request.WriteAsync(Raw(HtmlOf100));
            for (var i = 0; i < 10; i++)
            {
                await request.WriteAsync("<p>passing");
                await request.ClientHasAsync(10 * (i + 1));
                // Being slow is what this origin is for.
                await Task.Delay(400);
            }
        }) { Cluster = Site.Impatient, Rounds = 1 },
    ];

    private static IEnumerable<PassThroughCase> WithoutAnAnswer =>
    [
        new("an origin that refuses", (Func<RawRequest, Task>?)null) { Cluster = Site.Refused },
        new("closed without a word", Then("", r => r.Close())),
        new("reset without a word", Then("", r => r.Reset())),
        new("closed within the head", Then("HTTP/1.1 200 OK\r\nContent-Ty", r => r.Close())),
        new("reset within the head", Then("HTTP/1.1 200 OK\r\nContent-Ty", r => r.Reset())),
        new("a page with two lengths", Then(Raw(HtmlOf100 + "\nContent-Length: 20") + Pages.Ordinary, r => r.Close())),
        new(
            "a page with a negative length",
            Then("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: -1\r\n\r\n" + Pages.Ordinary, r => r.Close())),
        new(
            "a page with a length that is none",
            Then("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\n" + Pages.Ordinary, r => r.Close())),
        new("a field without a colon", Then(Pages.Html(Pages.Ordinary, "nonsense"), r => r.Close())),
        new("a field name with a space", Then(Pages.Html(Pages.Ordinary, "X Y: 1"), r => r.Close())),
        new("a field with bytes that are not ASCII", Then(Pages.Html(Pages.Ordinary, "X-Latin: caf\xE9 \xC3\xA9"), r => r.Close()))
        {
            OurOutcome = "200 complete",
        },
        new(
            "a Link field with bytes that are not ASCII",
            Then(Pages.Html(Pages.Ordinary, "Link: </caf\xE9.css>; rel=preload"), r => r.Close()))
        {
            OurOutcome = "200 complete",
        },
        new("a head of 200 kB", Then(Pages.Html(Pages.Ordinary, "X-Long: " + new string('x', 200_000)), r => r.Close())),
        new("garbage instead of HTTP", Then("\x16\x03\x01\x00\xA5garbage\r\n\r\n", r => r.Close())),
        new("a page without a head", Then(Pages.Ordinary, r => r.Close())),
        new("an HTTP/2 origin where HTTP/1.1 is expected", Then("\0\0\0\x04\0\0\0\0\0", r => r.Close())),
        new("a status that is none", Then("HTTP/1.1 abc OK\r\n\r\n", r => r.Close())),
    ];

    private static IEnumerable<PassThroughCase> CutOff =>
    [
        new("closed within a page", AfterSome(HtmlOf100, "<head><link rel=stylesheet href=/a.css>", "", r => r.Close())),
        new("reset within a page", AfterSome(HtmlOf100, "<head><link rel=stylesheet href=/a.css>", "", r => r.Reset())),
        new(
            "reset within a page after its head",
            AfterSome(HtmlOf100, "<head><script src=/a.js></script></head><body>", "", r => r.Reset())),
        new("closed within a chunk of a page", AfterSome(ChunkedHtml, "64\r\n<head><link rel=stylesheet href=/a.css>", "", r => r.Close())),
        new("closed between the chunks of a page", AfterSome(ChunkedHtml, "6\r\n<head>\r\n", "", r => r.Close())),
        new("reset within a chunk of a page", AfterSome(ChunkedHtml, "64\r\n<head><link rel=stylesheet href=/a.css>", "", r => r.Reset())),
        new(
            "reset within a file",
            AfterSome("HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 100", "not yet", "", r => r.Reset())),
        new(
            "a page with a chunk longer than it says",
            AfterSome(ChunkedHtml, "6\r\n<head>\r\n", "3\r\n<body>\r\n0\r\n\r\n", r => r.Close())),
        new(
            "a page with a chunk size that is none",
            AfterSome(ChunkedHtml, "6\r\n<head>\r\n", "xyz\r\n<body>\r\n0\r\n\r\n", r => r.Close())),
        new(
            "a page with a length beyond counting",
            AfterSome("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 9000000000000000000", "<head>", "", r => r.Close())),
    ];

    private static IEnumerable<PassThroughCase> TakenAsTheyAre =>
    [
        new(
            "a page longer than it says",
            Then(Raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 20") + Pages.Ordinary, r => r.Close())),
        new(
            "a page with a length and chunks",
            Then(Raw(HtmlOf100 + "\nTransfer-Encoding: chunked") + "6\r\n<head>\r\n0\r\n\r\n", r => r.Close())),
        new("HEAD answered with a page", Then(Pages.Html(Pages.Ordinary), r => r.Close())) { Request = path => new("HEAD", path) },
        new("a field with NUL", Then(Pages.Html(Pages.Ordinary, "X-Nul: a\0b"), r => r.Close())),
        new("a field folded over two lines", Then(Pages.Html(Pages.Ordinary, "X-Folded: a\n b"), r => r.Close())),
        new(
            "no content, but some",
            Then("HTTP/1.1 204 No Content\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello", r => r.Close()))
        {
            Outcome = "500 complete",
            OurOutcome = "204 complete",
        },
        new(
            "switching protocols unasked",
            Then("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello", r => r.Close()))
        {
            On = Wires.OnlyHttp1,
            Outcome = "101 complete",
        },
        new(
            "switching protocols unasked, over HTTP/2",
            Then("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello", r => r.Close()))
        {
            On = Wires.Http2,
            Outcome = "502 complete",
        },
    ];

    private static string Raw(string head) => head.ReplaceLineEndings("\r\n") + "\r\n\r\n";

    // Writes all at once, then ends the connection.
    private static Func<RawRequest, Task> Then(string bytes, Action<RawRequest> end) => async request =>
    {
        await request.WriteAsync(bytes);
        end(request);
    };

    // Writes head and some body, and what breaks it only when the client has begun to read.
    private static Func<RawRequest, Task> AfterSome(string head, string some, string more, Action<RawRequest> end) => async request =>
    {
        await request.WriteAsync(Raw(head) + some);
        await request.ClientHasAsync(1);
        await request.WriteAsync(more);
        end(request);
    };
}
