using System.Text.Json;
using PushProxy.Http2.Tests.Support;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>Two Chromiums: the old one still adopts what is pushed, the current one acts on 103 instead.</summary>
public class BrowserTests
{
    [Fact]
    public async Task Chromium_103_adopts_pushed_style_and_script()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var (dom, events) = await Browser.LoadAsync(Browser.Old, server.Port, "/");

        Assert.Equal(2, events["HTTP2_SESSION_RECV_PUSH_PROMISE"].Count());
        Assert.Equal(2, events["HTTP2_STREAM_ADOPTED_PUSH_STREAM"].Count());
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Contains("rgb(1, 2, 3)", dom, StringComparison.Ordinal);
        var asked = events["HTTP2_SESSION_SEND_HEADERS"].Select(Path).ToList();
        Assert.DoesNotContain("/style.css", asked);
        Assert.DoesNotContain("/app.js", asked);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Chromium_103_preloads_from_a_103()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var (dom, _) = await Browser.LoadAsync(Browser.Old, server.Port, "/hints");
        Assert.Contains("/style.css early-hints", dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Current_chromium_preloads_from_a_103_and_is_pushed_nothing()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var (dom, events) = await Browser.LoadAsync(Browser.Current, server.Port, "/hints");

        Assert.Contains("/style.css early-hints", dom, StringComparison.Ordinal);
        Assert.Contains("/app.js early-hints", dom, StringComparison.Ordinal);
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Empty(events["HTTP2_SESSION_RECV_PUSH_PROMISE"]);

        (dom, events) = await Browser.LoadAsync(Browser.Current, server.Port, "/");
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Empty(events["HTTP2_SESSION_RECV_PUSH_PROMISE"]);
        Assert.Empty(server.Log);
    }

    private static string? Path(JsonElement sent)
        => sent.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("headers", out var headers)
            ? headers.EnumerateArray().Select(h => h.GetString()!).FirstOrDefault(h => h.StartsWith(":path: ", StringComparison.Ordinal))?[7..]
            : null;
}
