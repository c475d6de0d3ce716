using System.Text.Json;
using PushProxy.Http2.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>Node's http2 (nghttp2 inside, with checks of its own), as in Node's own test-http2-server-push-* tests.</summary>
public class NodeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Takes_pushes_with_their_content(bool tls)
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls);
        var seen = await RunAsync(server, tls, "/", "push");

        Assert.Equal(200, seen.GetProperty("status").GetInt32());
        Assert.Equal(Site.Html, seen.GetProperty("body").GetString());
        var style = seen.GetProperty("pushed").GetProperty("/style.css");
        Assert.Equal(2, style.GetProperty("id").GetInt32());
        Assert.Equal(200, style.GetProperty("status").GetInt32());
        Assert.Equal("h1 { color: rgb(1, 2, 3) }", style.GetProperty("body").GetString());
        Assert.Equal("document.title = 'ran';", seen.GetProperty("pushed").GetProperty("/app.js").GetProperty("body").GetString());
        Assert.Equal(0, seen.GetProperty("events").GetArrayLength());
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Is_promised_nothing_when_it_disables_push()
    {
        await using var server = await TestServer.StartAsync(Site.Serve);
        var seen = await RunAsync(server, tls: false, "/", "no-push");

        Assert.Equal(Site.Html, seen.GetProperty("body").GetString());
        Assert.Empty(seen.GetProperty("pushed").EnumerateObject());
        Assert.Equal(0, seen.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task May_cancel_pushes_and_still_gets_the_page()
    {
        await using var server = await TestServer.StartAsync(Site.Serve);
        var seen = await RunAsync(server, tls: false, "/", "cancel");

        Assert.Equal(Site.Html, seen.GetProperty("body").GetString());
        Assert.Equal(8, seen.GetProperty("pushed").GetProperty("/style.css").GetProperty("code").GetInt32());
        Assert.Equal(0, seen.GetProperty("events").GetArrayLength());
        Assert.Empty(server.Log);
    }

    // Node closes a connection on a PING ACK that it did not ask for: that none reaches it is half of what this shows.
    [Fact]
    public async Task Gets_103_before_the_response()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var seen = await RunAsync(server, tls: true, "/hints", "push");

        Assert.Equal(1, seen.GetProperty("hints").GetArrayLength());
        Assert.StartsWith("103 </style.css>", seen.GetProperty("hints")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(Site.Html, seen.GetProperty("body").GetString());
        Assert.Equal(0, seen.GetProperty("events").GetArrayLength());
        Assert.Empty(server.Log);
    }

    private static async Task<JsonElement> RunAsync(TestServer server, bool tls, string path, string mode)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "node-push.mjs");
        var result = await ExternalTool.RunAsync("node", [script, $"{(tls ? "https" : "http")}://localhost:{server.Port}", path, mode]);
        Assert.True(result.ExitCode == 0 && result.Output.Length > 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
