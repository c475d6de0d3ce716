using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Learning;

/// <summary>
/// The program has no file descriptor left when the first page passes. When there are descriptors again, pages are learned again.
/// </summary>
public sealed class DescriptorShortageTests
{
    [Theory]
    [InlineData("br", "utf-8")]
    [InlineData("gzip", "utf-8")]
    [InlineData("deflate", "utf-8")]
    [InlineData("", "utf-8")]
    [InlineData("", "shift_jis")]
    public async Task Pages_are_learned_after_a_shortage(string coding, string charset)
    {
        await using var origin = new RawOrigin();
        origin.On("/plain", RawRequest.Response("200 OK", "Content-Type: text/plain", "not a page"));
        origin.On("/coded", request => WritePageAsync(request, coding, charset));
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(
            certificate, "--origin", origin.Url.AbsoluteUri, "--PushProxy:Defaults:DebugHeader=true");
        using var client = new HttpClient(Http2Client.NewHandler()) { BaseAddress = proxy.Secure };

        // The connections to the program and from it to the origin are open, and need no descriptor any more.
        await DecisionAsync(client, "/plain");
        await LimitAsync(proxy, "1");
        await DecisionAsync(client, "/coded/during");
        await LimitAsync(proxy, "1024");
        await Eventually.AnswerAsync(
            async () =>
            {
                using var other = new HttpClient(Http2Client.NewHandler()) { BaseAddress = proxy.Secure };
                return await DecisionAsync(other, "/coded/after");
            },
            decision => decision.StartsWith("learned", StringComparison.Ordinal),
            "a page that is learned",
            TimeSpan.FromSeconds(20));
    }

    private static async Task<string> DecisionAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        return response.Headers.TryGetValues("PushProxy-Decision", out var decision)
            ? string.Concat(decision) : $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    // It lowers the soft limit of the running program. What is open stays open, and nothing more can be opened.
    private static async Task LimitAsync(PushProxyProcess proxy, string count)
    {
        var id = proxy.ProcessId.ToString(CultureInfo.InvariantCulture);
        var result = await ExternalTool.RunAsync("prlimit", ["--pid", id, $"--nofile={count}:"], TimeSpan.FromSeconds(20));
        Assert.Equal(0, result.ExitCode);
    }

    private static async Task WritePageAsync(RawRequest request, string coding, string charset)
    {
        using var body = new MemoryStream();
        using (Stream coder = coding switch
        {
            "" => new BufferedStream(body),
            "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
            "gzip" => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            await coder.WriteAsync(Encoding.ASCII.GetBytes(ScriptedSite.Html("<link rel=stylesheet href=/a.css>")));
        }

        var bytes = body.ToArray();
        await request.WriteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\nContent-Encoding: {coding}\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        await request.WriteAsync(bytes);
    }
}
