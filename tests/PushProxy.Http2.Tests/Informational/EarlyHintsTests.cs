using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Informational;

/// <summary>RFC 8297 and RFC 9110 §15.2 over HTTP/2.</summary>
public class EarlyHintsTests
{
    [Fact]
    public async Task A_103_leaves_at_once_while_nothing_else_is_written()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");

        Assert.Equal(InformationalOutcome.Sent, await page.SendEarlyHintsAsync(["</a.css>; rel=preload; as=style", "</b.js>; rel=preload; as=script"], "default-src 'self'"));
        var hint = await wire.NextAsync();
        Assert.Equal("HEADERS 1 103", hint!.ToString());
        Assert.Equal(
            [(":status", "103"), ("content-security-policy", "default-src 'self'"), ("link", "</a.css>; rel=preload; as=style"), ("link", "</b.js>; rel=preload; as=script")],
            hint.Fields);
        script.Let("/held");
        var final = await wire.NextAsync();
        Assert.Equal("HEADERS 1 200", final!.ToString());
        Assert.Null(final["link"]);
        Assert.Null(final["content-security-policy"]);
    }

    [Fact]
    public async Task Any_number_may_be_sent_but_none_after_the_final_response()
    {
        var after = InformationalOutcome.Sent;
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            for (var i = 102; i < 112; i++)
            {
                Assert.Equal(InformationalOutcome.Sent, await context.InformationalResponse().SendAsync(i, [new("x-i", $"{i}")]));
            }

            await context.Response.WriteAsync("x");
            await context.Response.Body.FlushAsync();
            after = await context.SendEarlyHintsAsync(["</late>; rel=preload"]);
            Assert.Equal(InformationalOutcome.TooLate, context.InformationalResponse().Availability);
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        for (var i = 102; i < 112; i++)
        {
            await wire.ExpectAsync($"HEADERS 1 {i}");
        }

        await wire.EndOfAsync(1);
        Assert.Equal(InformationalOutcome.TooLate, after);
    }

    [Fact]
    public async Task Kestrels_own_100_continue_is_not_taken_for_the_final_response()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            var reading = context.Request.BodyReader.ReadAsync();
            await Task.Yield();
            Assert.Equal(InformationalOutcome.Sent, await context.SendEarlyHintsAsync(["</a>; rel=preload"]));
            await reading;
            await context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Request(1, "POST", "/", end: false, ("expect", "100-continue")));
        await wire.ExpectAsync("HEADERS 1 100", "HEADERS 1 103");
        await wire.SendAsync(Data(1, 3, end: true));
        await wire.EndOfAsync(1);
    }

    [Fact]
    public async Task A_promise_goes_before_the_103_that_names_its_resource()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            context.ServerPush().TryPush("/a");
            _ = context.SendEarlyHintsAsync(["</a>; rel=preload"]);
            context.ServerPush().TryPush("/b");
            await context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.BodiesAsync(1, 2, 4);
        var seen = wire.Trace.Where(line => line.StartsWith("PUSH", StringComparison.Ordinal) || line.StartsWith("HEADERS 1", StringComparison.Ordinal));
        Assert.Equal(["PUSH_PROMISE 1 -> 2 GET /a", "HEADERS 1 103", "PUSH_PROMISE 1 -> 4 GET /b", "HEADERS 1 200"], seen);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(200)]
    public async Task Other_statuses_are_refused(int status)
        => Assert.Equal(InformationalOutcome.InvalidStatus, await OutcomeAsync(context => context.InformationalResponse().SendAsync(status, [])));

    [Theory]
    [InlineData("link", "</a>; rel=preload\r\nx: y")]
    [InlineData("link", "a\nb")]
    [InlineData("li\r\nnk", "a")]
    [InlineData(":status", "200")]
    [InlineData("connection", "close")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("content-length", "0")]
    public async Task Fields_that_would_break_the_message_are_refused(string name, string value)
        => Assert.Equal(InformationalOutcome.InvalidHeader, await OutcomeAsync(context => context.InformationalResponse().SendAsync(103, [new(name, value)])));

    [Fact]
    public async Task A_block_beyond_the_bound_is_refused()
        => Assert.Equal(InformationalOutcome.LimitReached, await OutcomeAsync(context => context.InformationalResponse().SendAsync(103, [new("link", new string('x', 9_000))])));

    [Fact]
    public async Task Without_the_connection_middleware_there_is_none()
    {
        await using var server = await TestServer.StartAsync(
            async context => await context.Response.WriteAsync($"{await context.SendEarlyHintsAsync(["</a>; rel=preload"])} {context.ServerPush().TryPush("/a").Outcome}"),
            inMemory: true, withPush: false);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        Assert.Equal(["NotSupported NotHttp2"], await wire.BodiesAsync(1));
    }

    private static async Task<InformationalOutcome> OutcomeAsync(Func<HttpContext, ValueTask<InformationalOutcome>> send)
    {
        InformationalOutcome? outcome = null;
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            outcome = await send(context);
            await context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.EndOfAsync(1);
        Assert.DoesNotContain("HEADERS 1 103", wire.Trace);
        return outcome!.Value;
    }
}
