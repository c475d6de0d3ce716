using PushProxy.Http2.Tests.Support;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>Two Chromiums: the old one still adopts what is pushed, the current one acts on 103 instead.</summary>
public class BrowserTests
{
    [Fact]
    public async Task Chromium_103_adopts_pushed_style_and_script()
    {
        await using var server = await TestServer.StartAsync(Site.Serve, tls: true);
        var visit = await LoadAsync(LoggedBrowser.Old, server.Port, "/");
        var (dom, events) = visit;

        Assert.Equal(2, events["HTTP2_SESSION_RECV_PUSH_PROMISE"].Count());
        Assert.Equal(2, events["HTTP2_STREAM_ADOPTED_PUSH_STREAM"].Count());
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Contains("rgb(1, 2, 3)", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("/style.css", visit.Asked);
        Assert.DoesNotContain("/app.js", visit.Asked);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Current_chromium_preloads_from_a_103_and_is_pushed_nothing()
    {
        await using var server = await TestServer.StartAsync(PageAfterItsResources(), tls: true);
        await using var distant = new DistantServer(server.Port);

        var (dom, events) = await LoadAsync(LoggedBrowser.Current, distant.Port, "/hints");
        Assert.Contains("/style.css early-hints", dom, StringComparison.Ordinal);
        Assert.Contains("/app.js early-hints", dom, StringComparison.Ordinal);
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Empty(events["HTTP2_SESSION_RECV_PUSH_PROMISE"]);

        (dom, events) = await LoadAsync(LoggedBrowser.Current, server.Port, "/");
        Assert.Contains("<title>ran</title>", dom, StringComparison.Ordinal);
        Assert.Empty(events["HTTP2_SESSION_RECV_PUSH_PROMISE"]);
        Assert.Empty(server.Log);
    }

    private static Task<LoggedVisit> LoadAsync(string browser, int port, string path) =>
        LoggedBrowser.LoadAsync(browser, new Uri($"https://push.test:{port}{path}"), ServerCertificate.SpkiHash);

    // The page itself is held back until both resources have been asked for: only the 103 can have named them.
    private static Microsoft.AspNetCore.Http.RequestDelegate PageAfterItsResources()
    {
        var asked = new Dictionary<string, TaskCompletionSource> { ["/style.css"] = new(), ["/app.js"] = new() };
        return async context =>
        {
            if (asked.TryGetValue(context.Request.Path, out var resource))
            {
                resource.TrySetResult();
            }
            else if (context.Request.Path == "/hints")
            {
                await context.SendEarlyHintsAsync(["</style.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script"]);
                await Task.WhenAny(Task.WhenAll(asked.Values.Select(one => one.Task)), Task.Delay(TimeSpan.FromSeconds(8)));
                context.Response.ContentType = "text/html";
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, Site.Html);
                return;
            }

            await Site.Serve(context);
        };
    }
}
