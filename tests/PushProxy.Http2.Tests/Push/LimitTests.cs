using System.ComponentModel.DataAnnotations;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>Bounds: those of the options, and Kestrel's own, which pushes must leave to the client.</summary>
public class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_pushes_are_under_way_than_the_option_allows()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, push => push.MaxPushesInFlight = 3);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        var outcomes = Enumerable.Range(0, 5).Select(i => push.TryPush($"/held-{i}").Outcome).ToList();
        Assert.Equal([PushOutcome.Pushed, PushOutcome.Pushed, PushOutcome.Pushed, PushOutcome.LimitReached, PushOutcome.LimitReached], outcomes);
        Assert.Equal(PushOutcome.LimitReached, push.Availability);
        script.Let("/held-0");
        await wire.EndOfAsync(2);
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/x").Outcome);
        script.Let("/held");
    }

    [Fact]
    public async Task A_promise_beyond_the_bound_of_octets_is_not_made()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, push => push.MaxHeaderBytes = 300);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        Assert.Equal(PushOutcome.LimitReached, push.TryPush("/x", [new("x-long", new string('x', 300))]).Outcome);
        Assert.Equal(PushOutcome.LimitReached, push.TryPush("/" + new string('x', 300)).Outcome);
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/x", [new("x-long", new string('x', 200))]).Outcome);
        script.Let("/held");
    }

    // Kestrel would end the whole connection over a request with too many fields or too long a one.
    [Fact]
    public async Task A_promise_that_kestrel_would_not_read_is_not_made()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(
            script.Serve,
            push => push.MaxHeaderBytes = 32_768,
            kestrel =>
            {
                kestrel.Limits.MaxRequestHeaderCount = 10;
                kestrel.Limits.Http2.MaxRequestHeaderFieldSize = 1_000;
            });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        Assert.Equal(PushOutcome.InvalidHeader, push.TryPush("/x", Enumerable.Range(0, 20).Select(i => KeyValuePair.Create($"x-{i}", "y"))).Outcome);
        Assert.Equal(PushOutcome.InvalidHeader, push.TryPush("/x", [new("x", new string('y', 1_001))]).Outcome);
        Assert.Equal(PushOutcome.LimitReached, push.TryPush("/" + new string('y', 1_001)).Outcome);
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/x", Enumerable.Range(0, 6).Select(i => KeyValuePair.Create($"x-{i}", "y"))).Outcome);
        await wire.EndOfAsync(2);
        script.Let("/held");
    }

    [Fact]
    public async Task Pushes_leave_a_quarter_of_kestrels_streams_to_the_client()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, kestrel: options => options.Limits.Http2.MaxStreamsPerConnection = 8);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        var taken = Enumerable.Range(0, 20).Count(i => push.TryPush($"/held-{i}").IsPushed);
        Assert.Equal(5, taken);
        await script.ArrivedAsync("/held-4");

        // The client's own two are served beside them.
        await wire.SendAsync(Get(3, "/a"), Get(5, "/b"));
        await wire.BodiesAsync(3, 5);
        script.Let("/held");
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_push_gives_way_when_the_client_needs_its_place()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, kestrel: options => options.Limits.Http2.MaxStreamsPerConnection = 8);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var feature = (await script.ArrivedAsync("/held")).ServerPush();
        var pushes = Enumerable.Range(0, 5).Select(i => feature.TryPush($"/held-p{i}").Push!).ToList();
        await script.ArrivedAsync("/held-p4");

        // Seven more of the client's: all eight that Kestrel allows are its own now, and none is refused.
        await wire.SendAsync([.. Enumerable.Range(0, 7).Select(i => Get(3 + (2 * i), $"/held-c{i}"))]);
        for (var i = 0; i < 7; i++)
        {
            await script.ArrivedAsync($"/held-c{i}");
        }

        foreach (var push in pushes)
        {
            Assert.Equal(PushFate.Failed, (await push.Completion.WaitAsync(WireClient.Patience, Cancel)).Fate);
        }

        for (var i = 0; i < 7; i++)
        {
            script.Let($"/held-c{i}");
        }

        script.Let("/held");
        await wire.BodiesAsync(1, 3, 5, 7, 9, 11, 13, 15);
        await wire.RoundTripAsync();
        foreach (var push in pushes)
        {
            Assert.Contains($"RST_STREAM {push.StreamId} 8", wire.Trace);
        }

        Assert.DoesNotContain(wire.Trace, line => line.EndsWith(" 7", StringComparison.Ordinal) && line.StartsWith("RST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Octets_that_wait_are_bounded()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve, push => push.MaxQueuedBytes = 2_000);
        var wire = await server.Open(unread: 200).StartAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        var hints = page.InformationalResponse();

        // The client reads nothing, so that soon nothing can be written any more.
        var sent = Enumerable.Range(0, 50).Select(_ => hints.SendAsync(103, [new("link", new string('x', 300))]).AsTask()).ToList();
        Assert.Contains(sent, task => task.IsCompleted && task.Result == InformationalOutcome.LimitReached);
        var push = page.ServerPush();
        Assert.Contains(PushOutcome.LimitReached, Enumerable.Range(0, 20).Select(_ => push.TryPush("/x", [new("x", new string('y', 1_900))]).Outcome));
        script.Let("/held");
        await wire.EndOfAsync(1);
        await wire.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(ServerPushOptions.MaxPushesInFlight), -1)]
    [InlineData(nameof(ServerPushOptions.MaxPushesInFlight), 257)]
    [InlineData(nameof(ServerPushOptions.MaxHeaderBytes), 255)]
    [InlineData(nameof(ServerPushOptions.MaxHeaderBytes), 32_769)]
    [InlineData(nameof(ServerPushOptions.MaxQueuedBytes), 1_023)]
    [InlineData(nameof(ServerPushOptions.MaxQueuedBytes), 1_048_577)]
    public async Task Options_out_of_bounds_are_refused_at_the_start(string name, int value)
        => await Assert.ThrowsAsync<ValidationException>(() => TestServer.ForFramesAsync(_ => Task.CompletedTask, push => typeof(ServerPushOptions).GetProperty(name)!.SetValue(push, value)));

    [Fact]
    public async Task When_identifiers_run_out_nothing_more_is_promised()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        server.Connections.Single().State.LastPromisedId = ConnectionIds.Last - 2;
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/a").Outcome);
        await wire.EndOfAsync(ConnectionIds.Last);
        Assert.Equal(PushOutcome.IdentifiersUsedUp, push.TryPush("/b").Outcome);
        script.Let("/held");
        await wire.EndOfAsync(1);
    }

    // The client's own numbers may jump as they like, and may be near their end.
    [Fact]
    public async Task High_and_sparse_numbers_of_the_clients_are_translated()
    {
        await using var server = await TestServer.ForFramesAsync(Apps.PagePushing("/a", "/b"));
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.BodiesAsync(1, 2, 4);
        await wire.SendAsync(Get(1_000_001, "/"));
        await wire.BodiesAsync(1_000_001, 6, 8);
        await wire.SendAsync(Get(int.MaxValue, "/"));
        await wire.BodiesAsync(int.MaxValue, 10, 12);
    }

    private static class ConnectionIds
    {
        public const int Last = Connections.ConnectionState.LastSpendableId;
    }
}
