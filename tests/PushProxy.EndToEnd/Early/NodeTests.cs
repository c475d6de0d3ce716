using PushProxy.Testing;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Node's client: takes pushes, and cancels them.</summary>
public sealed class NodeTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const int Cancel = 8;

    [Fact]
    public async Task It_takes_pushes_though_it_does_not_say_what_it_accepts()
    {
        await site.LearnAsync("/node/", "/node/a.css", "/node/b.js");
        var held = site.Origin.Hold("/node/");
        await using var client = NodeViews.Start(site.Url("/node/"));
        await client.UntilAsync(e => e is { Name: "pushed", Path: "/node/b.js" }, "the second push while the page is held back");
        Assert.DoesNotContain(client.Events, e => e.Name == "page");
        held.Release();
        var events = await client.EndAsync();
        Assert.Equal(["/node/a.css", "/node/b.js"], events.Where(e => e.Name == "promised").Select(e => e.Path));
        Assert.All(events.Where(e => e.Name == "pushed"), e => Assert.Equal((200, 0), (e.Number("status"), e.Number("code"))));
        Assert.Equal("", events.Single(e => e.Name == "page").Text("link"));
        Assert.Equal(
            (200, 0), (events.Single(e => e.Name == "view").Number("status"), events.Single(e => e.Name == "view").Number("code")));
    }

    [Fact]
    public async Task A_push_it_cancels_in_mid_body_ends_the_request_to_the_origin_and_harms_nothing()
    {
        await site.LearnAsync("/cancel/", "/cancel/a.css", "/cancel/long.js");
        var hungUp = new TaskCompletionSource();
        site.Origin.On("/cancel/long.js", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 400000\r\n\r\n/* the beginning");
            await request.HangAsync();
            hungUp.SetResult();
        });
        var before = await site.Proxy.MetricAsync("pushproxy_pushes_total", "fate=\"cancelled\"");
        var held = site.Origin.Hold("/cancel/");

        await using var client = NodeViews.Start(site.Url("/cancel/"), cancelled: "/cancel/long.js");
        await client.UntilAsync(e => e is { Name: "pushed", Path: "/cancel/long.js" }, "the end of the push");
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        held.Release();
        var events = await client.EndAsync();

        var cancelled = events.Single(e => e is { Name: "pushed", Path: "/cancel/long.js" });
        Assert.Equal((200, Cancel), (cancelled.Number("status"), cancelled.Number("code")));
        Assert.InRange(cancelled.Number("bytes"), 1, 1000);
        Assert.Equal(0, events.Single(e => e is { Name: "pushed", Path: "/cancel/a.css" }).Number("code"));
        Assert.Equal(
            (200, 0), (events.Single(e => e.Name == "view").Number("status"), events.Single(e => e.Name == "view").Number("code")));
        Assert.DoesNotContain(events, e => e.Name is "error" or "goaway");
        await Eventually.TrueAsync(
            async () => await site.Proxy.MetricAsync("pushproxy_pushes_total", "fate=\"cancelled\"") == before + 1,
            () => "The cancelled push was never counted.");
    }
}
