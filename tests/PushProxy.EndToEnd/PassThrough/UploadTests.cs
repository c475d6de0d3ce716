using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Uploads are as large as the origin takes them, unless a limit is set.</summary>
public sealed class UploadTests : InFrontOfAnOrigin
{
    [Fact]
    public async Task An_upload_of_forty_megabytes_passes_and_a_limit_is_told_with_413()
    {
        var received = 0L;
        Origin.On("/upload", async request =>
        {
            received = (await request.ReadBodyAsync()).Length;
            await request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/plain", "thanks"));
        });
        using var file = new TemporaryFile(new string('x', 40_000_000));
        await using var open = await StartAsync();
        await using var limited = await StartAsync("--Kestrel:Limits:MaxRequestBodySize=1000000");
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            Assert.Equal("200", await UploadAsync(open, file.Path, protocol));
            Assert.Equal(40_000_000, received);
            Assert.Equal("413", await UploadAsync(limited, file.Path, protocol));
        }

        Assert.Contains("/upload is answered 413: its body is larger than allowed.", limited.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", limited.Log, StringComparison.Ordinal);
    }

    private static async Task<string> UploadAsync(PushProxyProcess proxy, string file, string protocol)
    {
        var result = await ExternalTool.RunAsync(
            "curl",
            ["--silent", "--insecure", protocol, "--output", "/dev/null", "--write-out", "%{http_code}", "--data-binary", "@" + file,
            new Uri(proxy.Secure, "/upload").AbsoluteUri]);
        return result.Output;
    }
}
