using Microsoft.AspNetCore.Http.Features;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>Every way by which a client ends a promised stream is a refusal, and counts as one.</summary>
public class RefusalTests
{
    private const int FlowControlError = 3;
    private const int InitialWindowSize = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0x7fff_ffff)]
    [InlineData(0x7fff_ffff - 65_535, 1)]
    [InlineData(1, 0x7fff_ffff - 65_536, 1)]
    public async Task A_window_that_overflows_is_a_refusal(params int[] increments)
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        var push = await PromiseAsync(script, wire);

        await wire.SendAsync([.. increments.Select(increment => Window(2, increment))]);

        Assert.Equal(new PushReport(PushFate.Cancelled, 0, FlowControlError), await push.Completion.WaitAsync(WireClient.Patience, Cancel));
        Assert.Equal(1, server.Connections.Single().State.Cancellations.Total);
        await wire.UntilAsync("RST_STREAM 2 3");
        script.Let("/held");
        await wire.EndOfAsync(1);
    }

    [Fact]
    public async Task A_reset_counts_once_whatever_follows()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        var push = await PromiseAsync(script, wire);

        await wire.SendAsync(Reset(2), Window(2, 0x7fff_ffff), Reset(2));

        Assert.Equal(PushFate.Cancelled, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
        script.Let("/held");
        await wire.EndOfAsync(1);
        Assert.Equal(1, server.Connections.Single().State.Cancellations.Total);
    }

    [Fact]
    public async Task A_push_that_has_to_give_way_to_the_clients_requests_counts()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, kestrel: o => o.Limits.Http2.MaxStreamsPerConnection = 3);
        await using var wire = await server.ConnectAsync();
        var push = await PromiseAsync(script, wire);

        await wire.SendAsync(Get(3, "/held-3"), Get(5, "/held-5"));

        Assert.Equal(PushFate.Failed, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
        Assert.Equal(1, server.Connections.Single().State.Cancellations.Total);
        script.Let("/held-3");
        script.Let("/held-5");
        script.Let("/held");
        await wire.BodiesAsync(1, 3, 5);
    }

    // RFC 9113 §6.9.2: "An endpoint MUST treat a change to SETTINGS_INITIAL_WINDOW_SIZE that causes any flow-control window to exceed the
    // maximum size as a connection error of type FLOW_CONTROL_ERROR." So a client that refuses in this way needs a connection each time.
    [Fact]
    public async Task Settings_that_overflow_a_window_end_the_connection_and_all_its_pushes()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        var push = await PromiseAsync(script, wire);

        await wire.SendAsync(Window(2, 0x7fff_ffff - 65_535), Settings((InitialWindowSize, 65_536)));

        Assert.Equal(FlowControlError, (await wire.UntilTypeAsync("GOAWAY")).Error);
        Assert.Equal(PushFate.Failed, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
    }

    [Fact]
    public async Task What_the_application_resets_is_no_refusal()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        var push = await PromiseAsync(script, wire);

        (await script.ArrivedAsync("/held-a")).Features.GetRequiredFeature<IHttpResetFeature>().Reset(8);

        Assert.Equal(PushFate.Failed, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
        Assert.Equal(0, server.Connections.Single().State.Cancellations.Total);
        script.Let("/held");
        await wire.EndOfAsync(1);
    }

    private static async Task<ServerPush> PromiseAsync(Script script, WireClient wire)
    {
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush().TryPush("/held-a").Push!;
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /held-a");
        await script.ArrivedAsync("/held-a");
        return push;
    }
}
