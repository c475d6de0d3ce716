using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>RFC 9113 §8.4: what a push looks like on the wire.</summary>
public class PromiseTests
{
    [Fact]
    public async Task A_promise_leaves_before_the_response_that_names_it()
    {
        await using var server = await TestServer.ForFramesAsync(Apps.PagePushing("/a.css", "/b.js"));
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));

        Assert.Equal(["/", "/a.css", "/b.js"], await wire.BodiesAsync(1, 2, 4));
        Assert.Equal(
            ["PUSH_PROMISE 1 -> 2 GET /a.css", "PUSH_PROMISE 1 -> 4 GET /b.js", "HEADERS 1 200"],
            wire.Trace.Where(line => line.StartsWith("PUSH", StringComparison.Ordinal) || line == "HEADERS 1 200"));
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_promise_leaves_while_the_response_is_still_being_thought_about()
    {
        var go = new TaskCompletionSource();
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.Request.Path == "/")
            {
                Assert.True(context.ServerPush().TryPush("/a.css").IsPushed);
                await go.Task;
            }

            await context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));

        await wire.ExpectAsync("PUSH_PROMISE 1 -> 2 GET /a.css", "HEADERS 2 200");
        await wire.EndOfAsync(2);
        Assert.DoesNotContain("HEADERS 1 200", wire.Trace);
        go.SetResult();
        await wire.EndOfAsync(1);
    }

    [Fact]
    public async Task The_promise_says_what_the_application_gets()
    {
        string? seen = null;
        await using var server = await TestServer.ForFramesAsync(context =>
        {
            if (context.ServerPush().Promised is { } promise)
            {
                seen = $"{context.Request.Method} {context.Request.Scheme} {context.Request.Host} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.AcceptEncoding} {context.Request.Headers["x-long"].ToString().Length} {promise.Target}";
                return Task.CompletedTask;
            }

            context.ServerPush().TryPush("/a%20b.css?v=1", [new("Accept-Encoding", "br"), new("x-long", new string('y', 700)), new("cookie", "a=b")], "HEAD");
            return context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));

        var promise = await wire.UntilAsync(frame => frame.Type == "PUSH_PROMISE");
        Assert.Equal(["HEAD", "http", "push.test", "/a%20b.css?v=1", "br", "a=b"], [promise[":method"], promise[":scheme"], promise[":authority"], promise[":path"], promise["accept-encoding"], promise["cookie"]]);
        await wire.UntilAsync("HEADERS 2 200 END");
        Assert.Equal("HEAD http push.test /a%20b.css?v=1 br 700 /a%20b.css?v=1", seen);
    }

    [Fact]
    public async Task A_large_promise_continues_in_frames_of_its_own()
    {
        await using var server = await TestServer.ForFramesAsync(
            async context =>
            {
                var more = Enumerable.Range(0, 6).Select(i => KeyValuePair.Create($"x-{i}", new string((char)('a' + i), 4_000)));
                await context.Response.WriteAsync(context.ServerPush().Promised is null ? context.ServerPush().TryPush("/big", more).Outcome.ToString() : $"{context.Request.Headers["x-5"]}".Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            },
            push => push.MaxHeaderBytes = 32_768);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));

        var promise = await wire.UntilAsync(frame => frame.Type == "PUSH_PROMISE");
        Assert.Equal(new string('f', 4_000), promise["x-5"]);
        Assert.True(wire.Rules.Frames >= 4); // SETTINGS, ..., PUSH_PROMISE, CONTINUATION
        var data = await wire.UntilAsync(frame => frame is { Type: "DATA", Stream: 2 });
        Assert.Equal("4000"u8.ToArray(), data.Payload);
    }

    [Fact]
    public async Task Later_requests_and_their_uploads_keep_their_numbers()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.Request.Path == "/")
            {
                context.ServerPush().TryPush("/a");
                context.ServerPush().TryPush("/b");
            }

            var length = 0;
            for (var buffer = new byte[4096]; await context.Request.Body.ReadAsync(buffer) is > 0 and var read; length += read)
            {
            }

            await context.Response.WriteAsync(new string('x', length + 1));
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.EndOfAsync(4);
        for (var stream = 3; stream < 200; stream += 6)
        {
            await wire.SendAsync(Request(stream, "POST", "/upload", end: false), Data(stream, 100), Data(stream, stream, end: true));
            Assert.Equal(100 + stream + 1, (await wire.BodiesAsync(stream))[0].Length);
            await wire.SendAsync(Get(stream + 2, "/"));
            await wire.EndOfAsync(stream + 2);
        }

        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_pushed_request_cannot_push()
    {
        var outcome = PushOutcome.Pushed;
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            if (context.ServerPush().Promised is not null)
            {
                outcome = context.ServerPush().TryPush("/c").Outcome;
                Assert.Equal(PushOutcome.RequestIsPushed, context.ServerPush().Availability);
                Assert.Equal(InformationalOutcome.RequestIsPushed, await context.SendEarlyHintsAsync(["</c>; rel=preload"]));
            }
            else
            {
                context.ServerPush().TryPush("/a");
            }

            await context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.EndOfAsync(2);
        Assert.Equal(PushOutcome.RequestIsPushed, outcome);
        Assert.DoesNotContain(wire.Trace, line => line.StartsWith("PUSH_PROMISE 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("http://push.test/x.css", null)]
    [InlineData("x.css", PushOutcome.InvalidTarget)]
    [InlineData("", PushOutcome.InvalidTarget)]
    [InlineData("//push.test/x.css", PushOutcome.InvalidTarget)]
    [InlineData("https://push.test/x.css", PushOutcome.InvalidTarget)]
    [InlineData("http://push.test", PushOutcome.InvalidTarget)]
    [InlineData("http://push.test.evil/x", PushOutcome.InvalidTarget)]
    [InlineData("http://other.test/x", PushOutcome.InvalidTarget)]
    [InlineData("/ä.css", PushOutcome.InvalidTarget)]
    [InlineData("/a b", PushOutcome.InvalidTarget)]
    [InlineData("/a\r\nx: y", PushOutcome.InvalidTarget)]
    [InlineData("/a%0", PushOutcome.InvalidTarget)]
    [InlineData("/a%00", PushOutcome.InvalidTarget)]
    [InlineData("/a#b", PushOutcome.InvalidTarget)]
    public async Task Targets_are_checked(string? target, PushOutcome? expected)
        => Assert.Equal(expected ?? PushOutcome.Pushed, await OutcomeAsync(push => push.TryPush(target ?? "/x?y=%20")));

    [Theory]
    [InlineData("accept", "text/css", PushOutcome.Pushed)]
    [InlineData(":path", "/x", PushOutcome.InvalidHeader)]
    [InlineData("Host", "x", PushOutcome.InvalidHeader)]
    [InlineData("content-length", "1", PushOutcome.InvalidHeader)]
    [InlineData("Content-Encoding", "gzip", PushOutcome.InvalidHeader)]
    [InlineData("trailer", "x", PushOutcome.InvalidHeader)]
    [InlineData("te", "trailers", PushOutcome.InvalidHeader)]
    [InlineData("expect", "100-continue", PushOutcome.InvalidHeader)]
    [InlineData("connection", "close", PushOutcome.InvalidHeader)]
    [InlineData("transfer-encoding", "chunked", PushOutcome.InvalidHeader)]
    [InlineData("upgrade", "h2c", PushOutcome.InvalidHeader)]
    [InlineData("x", "a\r\nb: c", PushOutcome.InvalidHeader)]
    [InlineData("x y", "a", PushOutcome.InvalidHeader)]
    [InlineData("", "a", PushOutcome.InvalidHeader)]
    [InlineData("x", " a", PushOutcome.InvalidHeader)]
    public async Task Fields_are_checked_as_go_checks_them(string name, string value, PushOutcome expected)
        => Assert.Equal(expected, await OutcomeAsync(push => push.TryPush("/x", [new(name, value)])));

    [Theory]
    [InlineData("GET", PushOutcome.Pushed)]
    [InlineData("HEAD", PushOutcome.Pushed)]
    [InlineData("POST", PushOutcome.InvalidTarget)]
    [InlineData("get", PushOutcome.InvalidTarget)]
    public async Task Only_safe_methods_are_promised(string method, PushOutcome expected)
        => Assert.Equal(expected, await OutcomeAsync(push => push.TryPush("/x", null, method)));

    private static async Task<PushOutcome> OutcomeAsync(Func<IServerPushFeature, PushResult> push)
    {
        PushOutcome? outcome = null;
        await using var server = await TestServer.ForFramesAsync(context =>
        {
            outcome ??= push(context.ServerPush()).Outcome;
            return context.Response.WriteAsync("x");
        });
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/"));
        await wire.EndOfAsync(1);
        return outcome!.Value;
    }
}
