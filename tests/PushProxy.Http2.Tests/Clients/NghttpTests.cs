using PushProxy.Http2.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>nghttp: the strictest reader of header blocks there is, and it prints every frame.</summary>
public class NghttpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Takes_both_pushes(bool tls)
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls);
        var result = await ExternalTool.RunAsync("nghttp", ["-v", "-n", "-y", $"{(tls ? "https" : "http")}://localhost:{server.Port}/"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("recv PUSH_PROMISE frame", result.Output, StringComparison.Ordinal);
        Assert.Contains(":path: /style.css", result.Output, StringComparison.Ordinal);
        Assert.Contains(":path: /app.js", result.Output, StringComparison.Ordinal);
        Assert.Contains("recv (stream_id=2) :status: 200", result.Output, StringComparison.Ordinal);
        Assert.Contains("recv (stream_id=4) :status: 200", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("_ERROR(", result.Output.Replace("NO_ERROR(", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(server.Log);
    }
}
