using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using PushProxy.Testing;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>Pushed bodies that wait for a window: bounded on all connections together, and not kept for ever.</summary>
public class StalledTests
{
    private const int InitialWindowSize = 4;
    private const int Body = 20_000;

    [Fact]
    public async Task A_push_whose_client_opens_no_window_is_reset_after_a_time()
    {
        await using var server = await StartAsync(push => push.StallTimeout = TimeSpan.FromSeconds(1));
        await using var wire = await server.ConnectAsync((InitialWindowSize, 0));
        await wire.SendAsync(Get(1, "/pushes"), Window(1, 100));
        await wire.UntilAsync("RST_STREAM 2 8");
        await wire.UntilAsync("RST_STREAM 4 8");
        await server.QuietAsync();

        // The connection goes on, and may be pushed to again.
        Assert.Equal(2, server.Connections.Single().State.Cancellations.Total);
        await wire.SendAsync(Get(3, "/"), Window(3, 100));
        await wire.EndOfAsync(3);
        await wire.SendAsync(Get(5, "/pushes"), Window(5, 100));
        await wire.UntilAsync(frame => frame.ToString().StartsWith("PUSH_PROMISE 5 -> 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_window_that_is_used_up_counts_as_well()
    {
        await using var server = await StartAsync(push => push.StallTimeout = TimeSpan.FromSeconds(1), body: 70_000);
        await using var wire = await server.ConnectAsync();

        // The first body takes the 65,535 octets of the connection, and is left unfinished like the second.
        await wire.SendAsync(Get(1, "/pushes"));
        await wire.UntilAsync("RST_STREAM 2 8");
        await wire.UntilAsync("RST_STREAM 4 8");
        await server.QuietAsync();
    }

    [Fact]
    public void Only_a_response_that_has_begun_and_does_not_move_is_stalled()
    {
        using var hand = new HandDriven(push: true, preface: true);
        var (kestrel, state) = (hand.Connection.State.HighestKestrelId, hand.Connection.State);
        LookAfter(100);
        Assert.Equal(1, state.PushesInFlight); // The application is still thinking.

        hand.WriteFromServer(new WireFrame("HEADERS", EndHeaders, kestrel, Block((":status", "200"))).ToBytes(), 100);
        for (var seconds = 106; seconds <= 130; seconds += 6)
        {
            hand.WriteFromServer(Data(kestrel, 10).ToBytes(), 100);
            LookAfter(seconds);
            Assert.Equal(1, state.PushesInFlight);
        }

        LookAfter(139);
        Assert.Equal(1, state.PushesInFlight);
        LookAfter(140);
        Assert.Equal(0, state.PushesInFlight);

        // Its request may still ask what it is. A connection that is idle then need not know for long.
        Assert.NotNull(hand.Connection.PromisedAs(kestrel));
        LookAfter(141);
        Assert.Null(hand.Connection.PromisedAs(kestrel));

        void LookAfter(int seconds) => hand.Connection.EndStalled(seconds * TimeProvider.System.TimestampFrequency, TimeProvider.System);
    }

    [Fact]
    public async Task No_more_pushes_are_made_when_all_connections_together_have_as_many_as_allowed()
    {
        await using var server = await StartAsync(push => push.MaxPushesInAll = 3);
        var clients = new List<WireClient>();
        for (var i = 0; i < 4; i++)
        {
            var wire = await server.ConnectAsync((InitialWindowSize, 0));
            clients.Add(wire);
            await wire.SendAsync(Get(1, "/pushes"), Window(1, 100));
            await wire.EndOfAsync(1);
        }

        Assert.Equal(3, Promises());
        Assert.Equal(3, server.Connections.First().State.Load.InFlight);

        // The place of one that ends, in whichever way, is free for another connection.
        await clients[0].SendAsync(Reset(2));
        await clients[1].DisposeAsync();
        await Eventually.EqualAsync(1, () => Task.FromResult(server.Connections.First().State.Load.InFlight));
        await clients[3].SendAsync(Get(3, "/pushes"), Window(3, 100));
        await clients[3].EndOfAsync(3);
        Assert.Equal(5, Promises());
        foreach (var wire in clients.Except([clients[1]]))
        {
            await wire.DisposeAsync();
        }

        await Eventually.EqualAsync((0, 0), () => Task.FromResult(
            (server.Connections.First().State.Load.InFlight, server.Connections.First().State.Load.Connections)));

        int Promises() => clients.Sum(c => c.Trace.Count(line => line.StartsWith("PUSH_PROMISE", StringComparison.Ordinal)));
    }

    private static Task<TestServer> StartAsync(Action<ServerPushOptions> push, int body = Body) => TestServer.ForFramesAsync(
        context =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/push", StringComparison.Ordinal))
            {
                context.ServerPush().TryPush("/a");
                if (path == "/pushes")
                {
                    context.ServerPush().TryPush("/b");
                }
            }

            return path is "/a" or "/b"
                ? context.Response.Body.WriteAsync(new byte[body]).AsTask()
                : context.Response.WriteAsync("page");
        },
        push);
}
