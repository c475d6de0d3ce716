using System.Globalization;
using System.IO.Compression;
using System.Text;
using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>Origins that compress by themselves, and say so in <c>Vary</c>.</summary>
public sealed class CodingTests : InFrontOfAnOrigin
{
    private static readonly string Text = string.Join('\n', Enumerable.Range(0, 3000).Select(static i => $".c{i} {{ width: {i}px }}"));

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    public async Task What_the_program_reads_to_learn_is_what_the_visitors_browser_then_asks_for(string accepts, string coding)
    {
        await using var proxy = await StartAsync("--PushProxy:Defaults:Cache=assets");
        Origin.On("/a.css", request => AnswerAsync(request, "@font-face { font-family: f; src: url(/f.woff2) } body { font-family: f }" + Text));
        Origin.Page("/", "<link rel=stylesheet href=/a.css>");
        await using var visitor = NodeConnection.Open(proxy.Secure, push: false);
        await visitor.GetAsync("/", "sec-fetch-dest: document", "sec-fetch-mode: navigate", "user-agent: x", $"accept-encoding: {accepts}");
        await Eventually.EqualAsync(1, () => Task.FromResult(Origin.ReadingsOf("/a.css").Count));
        await proxy.UntilPrintedAsync("Learned ");
        Assert.Contains("2 critical resources", Assert.Single(proxy.LinesWith("Learned ")), StringComparison.Ordinal);

        var answer = await visitor.GetAsync("/a.css", "sec-fetch-dest: style", "user-agent: x", $"accept-encoding: {accepts}");
        Assert.Equal((200, coding), (answer.Status, answer["content-encoding"]));
        Assert.Empty(Origin.RequestsFor("/a.css"));
    }

    [Fact]
    public async Task An_origin_that_compresses_badly_can_be_asked_for_what_it_has()
    {
        await using var proxy = await StartAsync(
            "--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true",
            "--ReverseProxy:Routes:site:Match:Path=/{**rest}", "--ReverseProxy:Routes:site:Transforms:0:RequestHeaderRemove=Accept-Encoding");
        Origin.On("/a.css", request => AnswerAsync(request, Text));
        var badly = Encode(Text, s => new GZipStream(s, CompressionLevel.Fastest)).Length;
        foreach (var accepts in new[] { "gzip", "gzip, deflate, br", "gzip, deflate, br, zstd" })
        {
            var length = await Eventually.AnswerAsync(
                async () => Assert.Single(await Curl.HeadsAsync(
                    new Uri(proxy.Secure, "/a.css"), "--http2", "Accept-Encoding: " + accepts, "User-Agent: x")).Value("Content-Length") ?? "",
                length => length.Length > 0 && int.Parse(length, CultureInfo.InvariantCulture) < badly,
                "a form that is smaller than the origin's");
            Assert.NotEqual("0", length);
        }

        Assert.All(Origin.RequestsFor("/a.css"), static r => Assert.Null(r.Value("Accept-Encoding")));

        // Once for each set of codings that clients accept: the origin says that it varies.
        Assert.Equal(3, Origin.RequestsFor("/a.css").Count);
    }

    private static Task AnswerAsync(RawRequest request, string text)
    {
        var accepts = request.Head.Value("Accept-Encoding") ?? "";
        var (coding, body) = accepts.Contains("br", StringComparison.Ordinal)
            ? ("Content-Encoding: br\r\n", Encode(text, static s => new BrotliStream(s, CompressionLevel.Optimal)))
            : accepts.Contains("gzip", StringComparison.Ordinal)
                ? ("Content-Encoding: gzip\r\n", Encode(text, static s => new GZipStream(s, CompressionLevel.Fastest)))
                : ("", Encoding.Latin1.GetBytes(text));
        return request.WriteAsync(
            (byte[])[.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nCache-Control: max-age=600\r\nVary: Accept-Encoding\r\n{coding}Content-Length: {body.Length}\r\n\r\n")),
                .. body]);
    }

    private static byte[] Encode(string text, Func<Stream, Stream> encoder)
    {
        using var encoded = new MemoryStream();
        using (var stream = encoder(encoded))
        {
            stream.Write(Encoding.Latin1.GetBytes(text));
        }

        return encoded.ToArray();
    }
}
