using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>What becomes of a push, and what ends the chance to make one.</summary>
public class EndingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivered_push_reports_its_bytes()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush().TryPush("/12345").Push!;

        Assert.Equal(new PushReport(PushFate.Delivered, 6, 0), await push.Completion.WaitAsync(WireClient.Patience, Cancel));
        Assert.Equal(2, push.StreamId);
        await wire.EndOfAsync(2);
        script.Let("/held");
    }

    [Theory]
    [InlineData(7, PushFate.Refused)]
    [InlineData(8, PushFate.Cancelled)]
    [InlineData(1, PushFate.Cancelled)]
    public async Task A_push_the_client_resets_is_cancelled_in_the_application(int code, PushFate fate)
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        var push = page.ServerPush().TryPush("/held-a").Push!;
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /held-a");
        await script.ArrivedAsync("/held-a");

        await wire.SendAsync(Reset(2, code));
        var promised = await script.AbortedAsync("/held-a"); // still knows what it is
        Assert.Equal(new PushReport(fate, 0, code), await push.Completion.WaitAsync(WireClient.Patience, Cancel));
        Assert.Equal((push, PushOutcome.RequestIsPushed), (promised.Promised, promised.Availability));

        // The page itself, and later pushes, go on.
        page.ServerPush().TryPush("/b");
        script.Let("/held");
        Assert.Equal(["/held", "/b"], await wire.BodiesAsync(1, 4));
        Assert.DoesNotContain(wire.Trace, line => line.StartsWith("HEADERS 2", StringComparison.Ordinal));
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_push_the_application_aborts_is_reset_and_has_failed()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.ServerPush().Promised is not null)
            {
                context.Abort();
                return;
            }

            var push = context.ServerPush().TryPush("/a").Push!;
            Assert.Equal(PushFate.Failed, (await push.Completion).Fate);
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync(frame => frame is { Type: "RST_STREAM", Stream: 2 });
        await wire.UntilAsync("HEADERS 1 200 END");
    }

    [Fact]
    public async Task Nothing_is_promised_once_the_response_has_ended()
    {
        // Right after its end the response may still wait to be written; then WireRules sees to it that no promise follows it.
        var ended = new TaskCompletionSource();
        var outcome = new TaskCompletionSource<PushOutcome>();
        IServerPushFeature? feature = null;
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.Request.Path == "/")
            {
                feature = context.ServerPush();
                await context.Response.CompleteAsync();
                feature.TryPush("/a");
                await ended.Task;
                outcome.SetResult(feature.TryPush("/b").Outcome);
            }
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync("HEADERS 1 200 END");
        ended.SetResult();
        await wire.SendAsync(Get(3, "/x"));
        await wire.UntilAsync("HEADERS 3 200 END");
        await server.QuietAsync();
        Assert.Equal(PushOutcome.ParentEnded, await outcome.Task.WaitAsync(WireClient.Patience, Cancel));
        Assert.Equal(PushOutcome.ParentEnded, feature!.TryPush("/c").Outcome);
        Assert.DoesNotContain(wire.Trace, line => line.EndsWith("/b", StringComparison.Ordinal) || line.EndsWith("/c", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_promised_on_a_request_the_client_reset()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        var (push, hints) = (page.ServerPush(), page.InformationalResponse());
        await wire.SendAsync(Reset(1));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.ParentEnded, push.TryPush("/a").Outcome);
        Assert.Equal(InformationalOutcome.StreamEnded, await hints.SendAsync(103, [new("link", "</a>; rel=preload")]));
    }

    [Fact]
    public async Task A_request_whose_content_is_still_coming_can_push()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Request(1, "POST", "/held", end: false));
        (await script.ArrivedAsync("/held")).ServerPush().TryPush("/a");
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /a");
        await wire.SendAsync(Data(1, 10, end: true));
        script.Let("/held");
        await wire.BodiesAsync(1, 2);
    }

    [Fact]
    public async Task After_the_clients_goaway_nothing_is_promised_but_what_was_is_delivered()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        page.ServerPush().TryPush("/held-a");
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /held-a");
        await script.ArrivedAsync("/held-a");
        await wire.SendAsync(GoAway(2));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.ConnectionClosing, page.ServerPush().TryPush("/b").Outcome);
        script.Let("/held");
        script.Let("/held-a");
        Assert.Equal(["/held", "/held-a"], await wire.BodiesAsync(1, 2));
        await wire.UntilAsync("GOAWAY 1 0");
    }

    [Fact]
    public async Task A_graceful_shutdown_names_the_clients_own_streams_and_finishes_pushes()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held-1"));
        var page = await script.ArrivedAsync("/held-1");
        page.ServerPush().TryPush("/held-a");
        page.ServerPush().TryPush("/held-b");
        await script.ArrivedAsync("/held-b");
        await wire.SendAsync(Get(3, "/held-3"));
        await script.ArrivedAsync("/held-3");
        var stopping = server.StopAsync();
        await wire.UntilAsync($"GOAWAY {int.MaxValue} 0");
        Assert.Equal(PushOutcome.ConnectionClosing, page.ServerPush().TryPush("/c").Outcome);
        foreach (var path in (string[])["/held-1", "/held-a", "/held-b", "/held-3"])
        {
            script.Let(path);
        }

        Assert.Equal(["/held-1", "/held-a", "/held-b", "/held-3"], await wire.BodiesAsync(1, 2, 4, 3));

        // Kestrel ends the connection when it next looks at it.
        await wire.SendAsync(Ping());
        await wire.UntilAsync("GOAWAY 3 0");
        await stopping;
    }

    [Fact]
    public async Task A_push_that_is_awaited_when_the_connection_dies_has_failed()
    {
        var fate = new TaskCompletionSource<PushFate>();
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.Request.Path == "/")
            {
                fate.SetResult((await context.ServerPush().TryPush("/never").Push!.Completion).Fate);
                return;
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync("PUSH_PROMISE 1 -> 2 GET /never");
        wire.Connection.Cut();
        Assert.Equal(PushFate.Failed, await fate.Task.WaitAsync(WireClient.Patience, Cancel));
        await wire.Connection.Over.WaitAsync(WireClient.Patience, Cancel);
    }

    // Kestrel waits for the application, the application for its hint: the hint must not wait for Kestrel.
    [Fact]
    public async Task A_hint_that_waits_when_the_connection_dies_is_answered()
    {
        var outcome = new TaskCompletionSource<InformationalOutcome>();
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            var last = InformationalOutcome.Sent;
            while (last == InformationalOutcome.Sent)
            {
                last = await context.SendEarlyHintsAsync(["</a>; rel=preload"]);
            }

            outcome.SetResult(last);
        });
        var wire = await server.Open(unread: 200).StartAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync("HEADERS 1 103"); // and nothing is read any more: soon one has to wait
        wire.Connection.Cut();
        Assert.Equal(InformationalOutcome.StreamEnded, await outcome.Task.WaitAsync(WireClient.Patience, Cancel));
        await wire.Connection.Over.WaitAsync(WireClient.Patience, Cancel);
    }

    [Fact]
    public async Task A_connection_that_ends_tells_whoever_waits()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        var (feature, hints) = (page.ServerPush(), page.InformationalResponse());
        var push = feature.TryPush("/held-a").Push!;
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /held-a");
        wire.Connection.Cut();
        Assert.Equal(PushFate.Failed, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
        await wire.Connection.Over.WaitAsync(WireClient.Patience, Cancel);
        Assert.Equal(PushOutcome.ConnectionClosing, feature.TryPush("/b").Outcome);
        Assert.Equal(InformationalOutcome.StreamEnded, await hints.SendAsync(103, [new("link", "</b>; rel=preload")]));
    }
}
