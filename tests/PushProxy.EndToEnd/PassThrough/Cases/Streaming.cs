using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>What must not be held back: each piece is sent only after the client has the one before.</summary>
internal static class Streaming
{
    private static readonly string[] Letters = [.. Pages.Ordinary.Select(c => c.ToString())];

    public static IEnumerable<PassThroughCase> All =>
    [
        new("a chunked download, chunk by chunk", Pages.Lockstep("application/octet-stream", chunked: true, "one", "two", "three")),
        new("a download of known length, piece by piece", Pages.Lockstep("text/plain", chunked: false, "one", "two", "three")),
        new("an HTML page letter by letter, chunked", Pages.Lockstep("text/html", chunked: true, Letters)),
        new("an HTML page letter by letter, of known length", Pages.Lockstep("text/html", chunked: false, Letters)),
        new(
            "an HTML page that pauses within a tag",
            Pages.Lockstep(
                "text/html", chunked: true, "<!doctype html><html><head><link rel=style", "sheet href=/a.c", "ss><body>", "end")),
        new(
            "an HTML page that pauses within a UTF-8 character",
            Pages.Lockstep(
                "text/html; charset=utf-8", chunked: true, "<link rel=stylesheet href=/\xC3", "\xA9.css><body>\xE2", "\x82", "\xAC")),
        new("an HTML page whose length is its end", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><head>");
            await request.ClientHasAsync(12);
            await request.WriteAsync("<link rel=stylesheet href=/a.css>");
            await request.ClientHasAsync(45);
            request.Close();
        }),
        new(
            "server-sent events that end",
            Pages.Lockstep("text/event-stream", chunked: true, "data: 1\n\n", ": comment\n\n", "event: x\ndata: 2\n\n")),
        new("server-sent events until the client leaves", EndlessEvents)
        {
            Request = path => new ClientRequest("GET", path) { StopAfter = 60, Headers = [("Accept", "text/event-stream")] },
            OriginNoticesTheEnd = true,
            Outcome = "200 left",
        },
        new("an upload in pieces, answered piece by piece", Echo)
        {
            Request = path =>
                new ClientRequest("POST", path) { Body = [.. Enumerable.Repeat(QuarterMegabyte, 4)], Chunked = true, Lockstep = true },
        },
    ];

    private static ReadOnlyMemory<byte> QuarterMegabyte { get; } = new byte[256 * 1024];

    private static async Task EndlessEvents(RawRequest request)
    {
        await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var n = 0; n < 6; n++)
        {
            await request.WriteChunkAsync("data: ten\n");
            await request.ClientHasAsync(10 * (n + 1));
        }

        await request.HangAsync();
    }

    private static async Task Echo(RawRequest request)
    {
        await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
        await request.ReadBodyAsync(piece => request.WriteChunkAsync(System.Text.Encoding.ASCII.GetString(piece.Span)));
        await request.WriteAsync("0\r\n\r\n");
    }
}
