using System.Security.Cryptography;
using System.Text;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Soak.Faults;

/// <summary>What no client should send, by layer. Random octets are drawn anew each time.</summary>
internal static class Garbage
{
    private static readonly byte[] Start = [.. Frames.Preface, .. Frames.SettingsOf((2, 1))];

    /// <summary>On the bare socket: no TLS, broken TLS.</summary>
    public static IEnumerable<(string Name, byte[] Octets)> OnSocket()
    {
        yield return ("nothing", []);
        yield return ("random octets", RandomNumberGenerator.GetBytes(500));
        yield return ("HTTP without TLS", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        yield return ("half a TLS hello", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. RandomNumberGenerator.GetBytes(60)]);
        yield return ("a TLS hello of noise", [0x16, 3, 1, 1, 0, 1, 0, 0, 0xfc, 3, 3, .. RandomNumberGenerator.GetBytes(250)]);
        yield return ("a TLS record that is too long", [0x16, 3, 3, 0xff, 0xff, .. RandomNumberGenerator.GetBytes(300)]);
        yield return ("an alert before the hello", [0x15, 3, 3, 0, 2, 2, 80]);
        yield return ("SSL 2", [0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, .. RandomNumberGenerator.GetBytes(40)]);
    }

    /// <summary>Within TLS, as HTTP/1.1.</summary>
    public static IEnumerable<(string Name, byte[] Octets)> OnHttp1(string host)
    {
        yield return ("random octets", RandomNumberGenerator.GetBytes(2000));
        yield return ("no version", Text($"GET /\r\nHost: {host}\r\n\r\n"));
        yield return ("an HTTP/2 preface", Frames.Preface);
        yield return ("a method of noise", Text($"G(T / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        yield return ("two hosts", Text($"GET / HTTP/1.1\r\nHost: {host}\r\nHost: other\r\n\r\n"));
        yield return ("a field without name", Text($"GET / HTTP/1.1\r\nHost: {host}\r\n: x\r\n\r\n"));
        yield return ("NUL in a field", Text($"GET / HTTP/1.1\r\nHost: {host}\r\nX: a\0b\r\n\r\n"));
        yield return ("fields too long", Text($"GET / HTTP/1.1\r\nHost: {host}\r\nX: {new string('x', 60_000)}\r\n\r\n"));
        yield return (
            "fields too many", Text($"GET / HTTP/1.1\r\nHost: {host}\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 300))}\r\n"));
        yield return ("a target too long", Text($"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        yield return (
            "length and chunks",
            Text($"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x"));
        yield return ("a chunk of noise", Text($"POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"));
        yield return ("less than it says", Text($"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5000\r\n\r\nhello"));
        yield return ("percent signs", Text($"GET /%%%2f%00%zz/../..%c0%af HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    }

    /// <summary>Within TLS, as HTTP/2, after the preface unless it is the preface that is wrong.</summary>
    public static IEnumerable<(string Name, byte[] Octets)> OnHttp2(string host)
    {
        var get = Frames.GetBlock(host, SoakSite.PagePaths[0]);
        yield return ("a wrong preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"u8.ToArray());
        yield return ("HTTP/1.1", Text($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        yield return ("half a preface", Frames.Preface[..10]);
        yield return ("no SETTINGS", [.. Frames.Preface, .. Frames.Frame(Frames.Ping, 0, 0, new byte[8])]);
        foreach (var (name, frames) in BadFrames(get).Concat(BadBlocks(host, get)))
        {
            yield return (name, [.. Start, .. frames]);
        }
    }

    private static IEnumerable<(string Name, byte[] Octets)> BadFrames(byte[] get)
    {
        const byte whole = Frames.EndHeaders | Frames.EndStream;
        yield return ("random octets", RandomNumberGenerator.GetBytes(1000));
        yield return ("a frame too long", Frames.Frame(Frames.Data, 0, 1, new byte[100], length: 0xffffff));
        yield return ("half a frame", Frames.Frame(Frames.Headers, whole, 1, get)[..20]);
        yield return ("HEADERS on stream 0", Frames.Frame(Frames.Headers, whole, 0, get));
        yield return ("HEADERS on an even stream", Frames.Frame(Frames.Headers, whole, 2, get));
        yield return (
            "streams backwards", [.. Frames.Frame(Frames.Headers, whole, 9, get), .. Frames.Frame(Frames.Headers, whole, 3, get)]);
        yield return ("DATA on an idle stream", Frames.Frame(Frames.Data, Frames.EndStream, 5, new byte[10]));
        yield return ("padding longer than the frame", Frames.Frame(Frames.Headers, whole | 8, 1, [255, .. get]));
        yield return ("CONTINUATION of nothing", Frames.Frame(Frames.Continuation, Frames.EndHeaders, 1, get));
        yield return (
            "HEADERS that are interrupted",
            [.. Frames.Frame(Frames.Headers, Frames.EndStream, 1, get.AsSpan(0, 10)), .. Frames.Frame(Frames.Ping, 0, 0, new byte[8])]);
        yield return (
            "CONTINUATION without end",
            [
                .. Frames.Frame(Frames.Headers, Frames.EndStream, 1, get),
                .. Repeat(Frames.Frame(Frames.Continuation, 0, 1, new byte[1000]), 100),
            ]);
        yield return ("RST_STREAM on an idle stream", Frames.Number(Frames.Reset, 7, 8));
        yield return ("RST_STREAM of a push that was never promised", Frames.Number(Frames.Reset, 100, 8));
        yield return ("a window of nothing", Frames.Number(Frames.WindowUpdate, 0, 0));
        yield return ("a window too large", Repeat(Frames.Number(Frames.WindowUpdate, 0, int.MaxValue), 3));
        yield return ("SETTINGS of five octets", Frames.Frame(Frames.Settings, 0, 0, new byte[5]));
        yield return ("SETTINGS on a stream", Frames.Frame(Frames.Settings, 0, 1, new byte[6]));
        yield return ("push 2", Frames.SettingsOf((2, 2)));
        yield return ("a window size too large", Frames.SettingsOf((4, uint.MaxValue)));
        yield return ("a frame size too small", Frames.SettingsOf((5, 1)));
        yield return ("ACK of what was not asked", Repeat(Frames.Frame(Frames.Settings, 1, 0, []), 5));
        yield return ("PING of seven octets", Frames.Frame(Frames.Ping, 0, 0, new byte[7]));
        yield return ("ACK of pings never sent", Repeat(Frames.Frame(Frames.Ping, 1, 0, new byte[8]), 50));
        yield return ("a flood of PING", Repeat(Frames.Frame(Frames.Ping, 0, 0, new byte[8]), 2000));
        yield return ("a flood of SETTINGS", Repeat(Frames.SettingsOf((4, 65_535)), 500));
        yield return ("PUSH_PROMISE from a client", Frames.Frame(Frames.PushPromise, Frames.EndHeaders, 1, [0, 0, 0, 2, .. get]));
        yield return ("a stream that depends on itself", Frames.Frame(Frames.Priority, 0, 1, [0, 0, 0, 1, 16]));
        yield return (
            "GOAWAY, then more",
            [
                .. Frames.Frame(Frames.GoAway, 0, 0, new byte[8]),
                .. Frames.Frame(Frames.Headers, whole, 1, get),
                .. RandomNumberGenerator.GetBytes(200),
            ]);
        yield return (
            "frames of unknown types",
            [.. Enumerable.Range(0x10, 0xe0).SelectMany(static t => Frames.Frame((byte)t, 0xff, t, new byte[20]))]);
        yield return (
            "requests reset at once",
            [
                .. Enumerable.Range(0, 150).SelectMany(i => (byte[])
                [
                    .. Frames.Frame(Frames.Headers, whole, (2 * i) + 1, get),
                    .. Frames.Number(Frames.Reset, (2 * i) + 1, 8),
                ]),
            ]);
        yield return (
            "more requests than allowed",
            [.. Enumerable.Range(0, 250).SelectMany(i => Frames.Frame(Frames.Headers, whole, (2 * i) + 1, get))]);
    }

    private static IEnumerable<(string Name, byte[] Octets)> BadBlocks(string host, byte[] get)
    {
        byte[] Block(params byte[] block) => Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, block);
        yield return ("HPACK of noise", Block(RandomNumberGenerator.GetBytes(200)));
        yield return ("HPACK index 0", Block(0x80));
        yield return ("HPACK index out of the table", Block(0xff, 0xff, 0xff, 0xff, 0x0f));
        yield return ("an HPACK integer without end", Block([.. Enumerable.Repeat((byte)0xff, 40)]));
        yield return ("an HPACK table too large", Block([0x3f, 0xe1, 0xff, 0xff, 0x07, .. get]));
        yield return ("Huffman that ends amid a code", Block(0x00, 0x81, 0xff, 0x81, 0x00));
        yield return ("a text longer than its block", Block([.. get, 0, 5, (byte)'a']));
        yield return (
            "fields too long",
            [
                .. Frames.Frame(Frames.Headers, Frames.EndStream, 1, get),
                .. Repeat(Frames.Frame(Frames.Continuation, 0, 1, Frames.Field("x", new string('y', 9000))), 8),
            ]);
        yield return ("upper case", Block([.. get, .. Frames.Field("X-Upper", "1")]));
        yield return ("a connection's own field", Block([.. get, .. Frames.Field("connection", "close")]));
        yield return ("pseudo-fields last", Block([.. Frames.Field("a", "b"), .. get]));
        yield return ("an unknown pseudo-field", Block([.. get, .. Frames.Field(":nothing", "1")]));
        yield return ("no method", Block([.. Frames.Field(":path", "/"), .. Frames.Field(":scheme", "https")]));
        yield return ("no path", Block([.. Frames.GetBlock(host, "")]));
        yield return ("line breaks in a value", Block([.. get, .. Frames.Field("a", "b\r\nc: d")]));
    }

    private static byte[] Repeat(byte[] frame, int times) => [.. Enumerable.Repeat(frame, times).SelectMany(static f => f)];

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
