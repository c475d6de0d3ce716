using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Field values arrive as they were sent, both ways (RFC 9110 §5.5), and a field that no answer may have does not (§8.6).</summary>
public sealed class OpaqueFieldTests(AsSentSite site) : IClassFixture<AsSentSite>
{
    /// <summary>Field values whose bytes are the characters here.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "Content-Disposition", "inline; filename=\"caf\xe9.pdf\"" },
        { "X-Powered-By", "caf\xc3\xa9 \xe2\x82\xac" },
        { "X-All", string.Concat(Enumerable.Range(0x80, 0x80).Select(c => (char)c)) },
        { "Cookie", "name=J\u00fcrgen; utf8=\xc3\xbc" },
        { "Referer", "https://other.test/caf\xe9?q=\xc3\xa9" },
        { "X-Broken", "\xc3(\xed\xa0\x80" },
        { "User-Agent", "Gr\u00f6\u00dfe" },
    };

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Field_values_are_opaque_bytes_both_ways(string protocol)
    {
        var fields = Values.Select(row => row.Data).ToList();
        site.Origin.On("/values", request =>
        {
            site.Seen[request.Head.Value("X-Id") ?? ""] = request.Head;
            return request.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + string.Concat(fields.Select(f => $"{f.Item1}: {f.Item2}\r\n")) + "\r\nok");
        });
        using var answer = new TemporaryFile();
        var head = await site.AskAsync(
            site.Ours, protocol, "/values", [.. fields.Select(f => $"{f.Item1}: {f.Item2}")], "--dump-header", answer.Path);
        Assert.All(fields, f =>
        {
            Assert.Equal(f.Item2, head?.Value(f.Item1));
            Assert.Contains($"{f.Item1}: {f.Item2}\r\n", answer.Text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData(204, "Content-Length: 0\r\n\r\n")]
    [InlineData(204, "Content-Length: 5\r\n\r\n")]
    [InlineData(205, "Content-Length: 0\r\n\r\n")]
    [InlineData(205, "Content-Length: 5\r\n\r\nreset")]
    [InlineData(205, "Transfer-Encoding: chunked\r\n\r\n5\r\nreset\r\n0\r\n\r\n")]
    public async Task No_content_comes_where_there_is_none_whatever_the_origin_says(int status, string rest)
    {
        site.Origin.On("/none", $"HTTP/1.1 {status} Nothing\r\nX-Kind: none\r\n{rest}");
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            var head = Assert.Single(await Curl.HeadsAsync(new Uri(site.Ours.Secure, "/none"), protocol));
            Assert.Equal(status, head.Status);
            Assert.Equal("none", head.Value("X-Kind"));
            Assert.Equal(status == 205 ? "0" : null, head.Value("Content-Length"));
        }
    }
}
