using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>What a client may not do, and what it may but nobody does: the RFC's answer, no leak, no hang, nothing in the log.</summary>
public class HostileTests
{
    private const int ProtocolError = 1;
    private const int StreamClosed = 5;
    private const int FrameSizeError = 6;

    [Fact]
    public async Task A_push_promise_of_the_clients_is_a_connection_error()
        => await ConnectionErrorAsync(ProtocolError, new WireFrame("PUSH_PROMISE", EndHeaders, 1, [0, 0, 0, 8, .. Block((":method", "GET"))]));

    [Theory]
    [InlineData("RST_STREAM")]
    [InlineData("WINDOW_UPDATE")]
    [InlineData("DATA")]
    [InlineData("HEADERS")]
    public async Task A_frame_on_a_stream_never_promised_is_a_connection_error(string type)
        => await ConnectionErrorAsync(ProtocolError, OnStream(type, 6));

    [Theory]
    [InlineData("DATA")]
    [InlineData("HEADERS")]
    public async Task Content_on_a_promised_stream_is_a_connection_error(string type)
        => await ConnectionErrorAsync(ProtocolError, OnStream(type, 2));

    [Theory]
    [InlineData("RST_STREAM")]
    [InlineData("WINDOW_UPDATE")]
    [InlineData("DATA")]
    public async Task A_frame_on_an_idle_stream_of_the_clients_is_a_connection_error(string type)
        => await ConnectionErrorAsync(ProtocolError, OnStream(type, 99));

    [Fact]
    public async Task A_request_on_a_stream_that_was_used_is_a_connection_error()
        => await ConnectionErrorAsync(StreamClosed, Get(1, "/again"));

    [Fact]
    public async Task A_request_below_the_highest_stream_is_a_connection_error()
        => await ConnectionErrorAsync(StreamClosed, Get(31, "/a"), Get(29, "/b"));

    [Fact]
    public async Task A_priority_update_for_an_idle_push_is_a_connection_error()
        => await ConnectionErrorAsync(ProtocolError, PriorityUpdate(6));

    [Fact]
    public async Task A_frame_larger_than_allowed_is_an_error_at_its_header()
        => await ConnectionErrorAsync(FrameSizeError, Data(1, 16_385));

    [Fact]
    public async Task A_stream_that_depends_on_itself_is_an_error_under_its_new_number_too()
        => await ConnectionErrorAsync(ProtocolError, Priority(31, 31));

    [Fact]
    public async Task Priorities_and_windows_of_promised_and_closed_streams_are_fine()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        (await script.ArrivedAsync("/held")).ServerPush().TryPush("/a");
        await wire.EndOfAsync(2);
        await wire.SendAsync(
            Priority(2, 1), Priority(1, 2), Priority(31, 33), Priority(3, 5), PriorityUpdate(2), PriorityUpdate(1), PriorityUpdate(77),
            Window(2, 10), Reset(2), Reset(2), Window(1, 10));
        var withPriority = Get(5, "/b");
        await wire.SendAsync(withPriority with { Flags = (byte)(withPriority.Flags | 0x20), Payload = [0, 0, 0, 7, 1, .. withPriority.Payload] });
        await wire.EndOfAsync(5);
        script.Let("/held");
        await wire.EndOfAsync(1);
        await wire.SendAsync(Reset(1), Window(1, 1), Get(7, "/c"));
        await wire.EndOfAsync(7);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_flood_of_pings_is_answered_while_hints_are_under_way()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        var hinting = Task.Run(
            async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    Assert.Equal(InformationalOutcome.Sent, await page.SendEarlyHintsAsync(["</a>; rel=preload"]));
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 2_000; i += 20)
        {
            await wire.SendAsync([.. Enumerable.Range(i, 20).Select(n => Ping(n))]);
        }

        // WireRules knows each answer by its content: one of ours among them, or one out of order, would show.
        for (var i = 0; i < 2_000; i++)
        {
            await wire.UntilAsync(frame => frame is { Type: "PING", IsAck: true });
        }

        await hinting;
        script.Let("/held");
        await wire.EndOfAsync(1);
        Assert.Equal(200, wire.Trace.Count(line => line == "HEADERS 1 103"));
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Rapid_resets_of_pushes_leave_nothing_behind_and_spare_the_clients_requests()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            for (var i = 0; i < 5; i++)
            {
                context.ServerPush().TryPush($"/{i}");
            }

            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "x");
        });
        await using var wire = await server.ConnectAsync();
        for (var stream = 1; stream < 600; stream += 2)
        {
            await wire.SendAsync(Get(stream, "/"));
            while (await wire.ReadAsync() is { } frame)
            {
                if (frame.Type == "PUSH_PROMISE")
                {
                    await wire.SendAsync(Reset(frame.Number));
                }

                WireException.ThrowIf(frame is { Type: "RST_STREAM" } or { Type: "GOAWAY" }, frame.ToString());
                if (frame.Stream == stream && frame.IsEnd)
                {
                    break;
                }
            }
        }

        await server.QuietAsync();
        var state = server.Connections.Single().State;
        Assert.True(state.Streams.Count < 100, $"{state.Streams.Count} streams are remembered.");
        Assert.Equal(0, state.ClientRequests);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task What_is_not_http2_is_answered_by_kestrel_as_ever()
    {
        await using var server = await TestServer.ForFramesAsync(Apps.PagePushing());
        var wire = server.Open();
        await wire.WriteAsync("GET / HTTP/1.1\r\nhost: x\r\n\r\n"u8.ToArray());
        var read = await wire.Connection.FromServer.ReadAtLeastAsync(20, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400", System.Text.Encoding.ASCII.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer)), StringComparison.Ordinal);
        wire.Connection.Cut();
        await wire.Connection.Over.WaitAsync(WireClient.Patience, TestContext.Current.CancellationToken);
    }

    private static WireFrame OnStream(string type, int stream) => type switch
    {
        "RST_STREAM" => Reset(stream),
        "WINDOW_UPDATE" => Window(stream, 1),
        "DATA" => Data(stream, 1),
        _ => Get(stream, "/x"),
    };

    // A page has been pushed from, so that numbers are translated: 1 is closed, 2 promised and held open, 6 never promised.
    private static async Task ConnectionErrorAsync(int code, params WireFrame[] frames)
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        (await script.ArrivedAsync("/held")).ServerPush().TryPush("/held-a");
        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /held-a");
        await script.ArrivedAsync("/held-a");
        script.Let("/held");
        await wire.EndOfAsync(1);
        await wire.SendAsync(frames);
        var goAway = await wire.UntilTypeAsync("GOAWAY");
        Assert.Equal(code, goAway.Error);
        Assert.Equal(frames[0].ToString().StartsWith("HEADERS 31", StringComparison.Ordinal) ? 31 : 1, goAway.Number);
    }
}
