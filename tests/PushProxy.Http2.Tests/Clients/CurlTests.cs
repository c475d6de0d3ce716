using System.Collections.Concurrent;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PushProxy.Http2.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>curl prints every response it gets, interim ones too.</summary>
public class CurlTests
{
    [Fact]
    public async Task Gets_103_over_http2_before_the_page()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var result = await CurlAsync(server, "--http2");

        var hint = result.Error.IndexOf("< HTTP/2 103", StringComparison.Ordinal);
        var final = result.Error.IndexOf("< HTTP/2 200", StringComparison.Ordinal);
        Assert.True(hint >= 0 && final > hint, result.Error);
        Assert.Contains("< link: </app.js>; rel=preload; as=script", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("x-final", result.Error[hint..final], StringComparison.Ordinal);
        Assert.Equal(Site.Html, result.Output);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Gets_no_103_over_http11_unless_switched_on()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var result = await CurlAsync(server, "--http1.1");

        Assert.DoesNotContain("HTTP/1.1 103", result.Error, StringComparison.Ordinal);
        Assert.Equal(Site.Html, result.Output);
        Assert.Empty(server.Connections); // HTTP/1.1 passes by
    }

    [Fact]
    public async Task Gets_103_over_http11_where_switched_on_and_never_over_http10()
    {
        await using var server = await TestServer.StartAsync(
            Site.Serve, protocols: HttpProtocols.Http1, push: options => options.InformationalOverHttp1 = true);
        var modern = await CurlAsync(server, "--http1.1", scheme: "http");
        var old = await CurlAsync(server, "--http1.0", scheme: "http");

        Assert.Contains("< HTTP/1.1 103 Early Hints", modern.Error, StringComparison.Ordinal);
        Assert.Equal(Site.Html, modern.Output);
        Assert.DoesNotContain("103", old.Error.Split('\n').First(line => line.StartsWith("< HTTP", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(Site.Html, old.Output);
    }

    [Theory]
    [InlineData(HttpProtocols.Http2)]
    [InlineData(HttpProtocols.Http1AndHttp2)]
    public async Task Registered_before_https_by_mistake_it_passes_ciphertext_on_and_says_so_once(HttpProtocols protocols)
    {
        var outcomes = new ConcurrentQueue<string>();
        await using var server = await TestServer.StartAsync(
            http =>
            {
                outcomes.Enqueue($"{http.ServerPush().Availability} {http.InformationalResponse().Availability} {http.ServerPush().TryPush("/a.css").Outcome}");
                return Site.Serve(http);
            },
            tls: true, protocols: protocols, pushBeforeTls: true);
        for (var i = 0; i < 3; i++)
        {
            var result = await CurlAsync(server, "--http2");
            Assert.Contains("< HTTP/2 200", result.Error, StringComparison.Ordinal);
            Assert.Equal(Site.Html, result.Output);
        }

        Assert.Equal(Enumerable.Repeat("BeforeTls BeforeTls BeforeTls", 3), outcomes);
        Assert.Contains("calls UseServerPush() before UseHttps()", Assert.Single(server.Log), StringComparison.Ordinal);
    }

    private static async Task<ToolResult> CurlAsync(TestServer server, string protocol, string scheme = "https")
    {
        var result = await ExternalTool.RunAsync("curl", ["-sv", "-k", protocol, $"{scheme}://localhost:{server.Port}/hints"]);
        Assert.Equal(0, result.ExitCode);
        return result;
    }
}
