using System.IO.Compression;
using System.Text;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>Pages and their encodings, for the cases.</summary>
internal static class Pages
{
    /// <summary>A page with a stylesheet and a script that block it.</summary>
    public const string Ordinary =
        "<!doctype html><html><head><title>A page</title><link rel=stylesheet href=/site.css><script "
        + "src=/site.js></script></head><body><p>Hello.</p></body></html>";

    /// <summary>A complete 200 response with an HTML body, given as Latin-1.</summary>
    public static string Html(string body, string headers = "X-Kind: page") =>
        RawRequest.Response("200 OK", "Content-Type: text/html; charset=utf-8\n" + headers, body);

    /// <summary>Answers with an HTML body of any bytes.</summary>
    public static Func<RawRequest, Task> HtmlBytes(byte[] body, string headers) => async request =>
    {
        await request.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n");
        await request.WriteAsync(body);
    };

    /// <summary>A page compressed as a <c>Content-Encoding</c> says.</summary>
    public static byte[] Compress(string encoding, string page = Ordinary)
    {
        var output = new MemoryStream();
        using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Optimal),
            "br" => new BrotliStream(output, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(output, CompressionLevel.Optimal),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
        })
        {
            compressor.Write(Encoding.UTF8.GetBytes(page));
        }

        return output.ToArray();
    }

    /// <summary>Writes a head, then the body in pieces, each when the client has those before it.</summary>
    public static Func<RawRequest, Task> Lockstep(string contentType, bool chunked, params string[] pieces) => async request =>
    {
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {pieces.Sum(p => p.Length)}";
        await request.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\n{framing}\r\n\r\n");
        var sent = 0;
        foreach (var piece in pieces)
        {
            await (chunked ? request.WriteChunkAsync(piece) : request.WriteAsync(piece));
            sent += piece.Length;
            await request.ClientHasAsync(sent);
        }

        if (chunked)
        {
            await request.WriteAsync("0\r\n\r\n");
        }
    };
}
