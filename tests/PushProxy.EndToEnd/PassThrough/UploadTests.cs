using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Uploads are as large as the origin takes them, unless a limit is set.</summary>
public sealed class UploadTests
{
    [Fact]
    public async Task An_upload_of_forty_megabytes_passes_and_a_limit_is_told_with_413()
    {
        using var certificate = new TestCertificate();
        await using var origin = new ScriptedSite();
        var received = 0L;
        origin.On("/upload", async request =>
        {
            received = (await request.ReadBodyAsync()).Length;
            await request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/plain", "thanks"));
        });
        await using var open = await PushProxyProcess.StartAsync(certificate, ["--origin", origin.Url.AbsoluteUri]);
        await using var limited = await PushProxyProcess.StartAsync(
            certificate, ["--origin", origin.Url.AbsoluteUri, "--Kestrel:Limits:MaxRequestBodySize=1000000"]);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, new byte[40_000_000], TestContext.Current.CancellationToken);
            foreach (var protocol in (string[])["--http1.1", "--http2"])
            {
                Assert.Equal("200", await UploadAsync(open, file, protocol));
                Assert.Equal(40_000_000, received);
                Assert.Equal("413", await UploadAsync(limited, file, protocol));
            }
        }
        finally
        {
            File.Delete(file);
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
