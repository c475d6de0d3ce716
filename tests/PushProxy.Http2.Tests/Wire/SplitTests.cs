using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>Any split of the byte stream, in either direction, gives the same frames; a connection may die at any octet.</summary>
public class SplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task Small_blocks_and_small_writes_change_nothing(int size)
    {
        await using var server = await TestServer.ForFramesAsync(Page);
        await using var wire = server.Open(blockSize: size);
        foreach (var frame in Session())
        {
            wire.Rules.Sent(frame);
        }

        for (var rest = Octets().AsMemory(); !rest.IsEmpty; rest = rest[Math.Min(size, rest.Length)..])
        {
            await wire.WriteAsync(rest[..Math.Min(size, rest.Length)]);
        }

        var bodies = await wire.BodiesAsync(1, 3, 2, 4);
        Assert.Equal([20_000, 20_000, 20_000, 20_000], bodies.Select(body => body.Length));
        Assert.Contains("HEADERS 1 103", wire.Trace);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_connection_may_die_at_any_octet()
    {
        await using var server = await TestServer.ForFramesAsync(Page);
        var octets = Octets();
        var ends = new List<Task>();
        for (var length = 0; length <= octets.Length; length++)
        {
            var wire = server.Open();
            await wire.WriteAsync(octets.AsMemory(0, length));
            if (length % 3 == 0)
            {
                await Task.Yield(); // Sometimes the server gets to see it first.
            }

            wire.Connection.Cut();
            ends.Add(wire.Connection.Over);
        }

        await Task.WhenAll(ends).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(server.Connections, connection =>
        {
            Assert.Equal(Connections.ConnectionPhase.Closed, connection.State.Phase);
            Assert.Equal(0, connection.State.PushesInFlight);
            Assert.Empty(connection.State.ToClient);
            Assert.Empty(connection.State.ToKestrel);
        });
    }

    [Fact]
    public async Task Nothing_comes_between_the_clients_headers_and_their_continuation()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");

        // Half a request is with Kestrel when a push and a hint want to go in: they have to wait for the other half.
        var whole = Get(3, "/b");
        await wire.SendAsync(whole with { Flags = EndStream, Payload = whole.Payload[..10] });
        await server.InClientsHeaderBlockAsync();
        page.ServerPush().TryPush("/a");
        var hint = page.SendEarlyHintsAsync(["</a>; rel=preload"]);
        await wire.SendAsync(new WireFrame("CONTINUATION", EndHeaders, 3, whole.Payload[10..]));
        Assert.Equal(InformationalOutcome.Sent, await hint);
        await wire.BodiesAsync(2, 3);
        script.Let("/held");
        await wire.EndOfAsync(1);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Nothing_comes_between_kestrels_headers_and_their_continuation()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            context.Response.Headers["x-huge"] = new string('h', 40_000);
            var pushing = Task.Run(() =>
            {
                for (var i = 0; i < 10; i++)
                {
                    context.ServerPush().TryPush($"/{i}");
                }
            });
            await context.Response.WriteAsync("x");
            await pushing;
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Settings((6, 100_000)), Window(0, 1_000_000));
        for (var stream = 1; stream < 40; stream += 2)
        {
            // WireRules would find anything in between.
            await wire.SendAsync(Get(stream, "/"));
            await wire.EndOfAsync(stream);
        }
    }

    private static async Task Page(HttpContext context)
    {
        if (context.Request.Path == "/")
        {
            context.ServerPush().TryPush("/a");
            await context.SendEarlyHintsAsync(["</a>; rel=preload"]);
            context.ServerPush().TryPush("/b");
        }

        await context.Response.WriteAsync(new string('x', 20_000));
    }

    private static WireFrame[] Session() =>
    [
        Settings((1, 200), (3, 10)), Ping(1), Get(1, "/"), Window(0, 1_000_000), Request(3, "POST", "/c", end: false), Ping(2), Data(3, 500), Data(3, 0, end: true),
    ];

    private static byte[] Octets() => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Session().SelectMany(frame => frame.ToBytes())];
}
