using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>What the client's SETTINGS do to pushes, from the start and in mid-connection (RFC 9113 §6.5.2).</summary>
public class SettingsTests
{
    private const int HeaderTableSize = 1;
    private const int EnablePush = 2;
    private const int MaxConcurrentStreams = 3;
    private const int InitialWindowSize = 4;
    private const int MaxFrameSize = 5;

    [Fact]
    public async Task Push_turned_off_at_the_start_is_never_used()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync((EnablePush, 0));
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");

        Assert.Equal(PushOutcome.DisabledByClient, page.ServerPush().Availability);
        Assert.Equal(PushOutcome.DisabledByClient, page.ServerPush().TryPush("/a").Outcome);
        script.Let("/held");
        await wire.ExpectAsync("HEADERS 1 200");
    }

    [Fact]
    public async Task Push_turned_off_and_on_again_in_mid_connection()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        Assert.Equal(PushOutcome.Pushed, page.ServerPush().TryPush("/a").Outcome);
        await wire.EndOfAsync(2);

        await wire.SendAsync(Settings((EnablePush, 0)));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.DisabledByClient, page.ServerPush().TryPush("/b").Outcome);

        await wire.SendAsync(Settings((EnablePush, 1)));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.Pushed, page.ServerPush().TryPush("/c").Outcome);
        await wire.UntilAsync("PUSH_PROMISE 1 -> 4 GET /c");
        await wire.EndOfAsync(4);
    }

    // Many threads ask to push while the client turns push off: WireRules finds any promise after the ACK.
    [Fact]
    public async Task Push_turned_off_while_promises_wait()
    {
        for (var round = 0; round < 30; round++)
        {
            var script = new Script();
            await using var server = await TestServer.ForFramesAsync(script.Serve);
            await using var wire = await server.ConnectAsync();
            await wire.SendAsync(Get(1, "/held"));
            var push = (await script.ArrivedAsync("/held")).ServerPush();
            var asking = Task.Run(() => Enumerable.Range(0, 20).Select(i => push.TryPush($"/{i}")).ToList(), TestContext.Current.CancellationToken);
            await wire.SendAsync(Settings((EnablePush, 0)));
            await wire.RoundTripAsync();
            var results = await asking;
            script.Let("/held");
            await wire.EndOfAsync(1);
            foreach (var result in results.Where(result => result.IsPushed))
            {
                var report = await result.Push!.Completion.WaitAsync(WireClient.Patience, TestContext.Current.CancellationToken);
                Assert.Contains(report.Fate, new[] { PushFate.Delivered, PushFate.NotPromised });
            }
        }
    }

    [Fact]
    public async Task A_client_that_allows_no_streams_is_promised_none()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync((MaxConcurrentStreams, 0));
        await wire.SendAsync(Get(1, "/held"));
        Assert.Equal(PushOutcome.DisabledByClient, (await script.ArrivedAsync("/held")).ServerPush().TryPush("/a").Outcome);
        script.Let("/held");
        await wire.EndOfAsync(1);
    }

    [Fact]
    public async Task The_clients_limit_of_streams_is_kept_and_may_change()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync((MaxConcurrentStreams, 2));
        await wire.SendAsync(Get(1, "/held"));
        var push = (await script.ArrivedAsync("/held")).ServerPush();
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/held-a").Outcome);
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/held-b").Outcome);
        Assert.Equal(PushOutcome.LimitReached, push.TryPush("/c").Outcome);
        await script.ArrivedAsync("/held-b");

        await wire.SendAsync(Settings((MaxConcurrentStreams, 3)));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/d").Outcome);
        await wire.EndOfAsync(6);

        await wire.SendAsync(Settings((MaxConcurrentStreams, 1)));
        await wire.RoundTripAsync();
        Assert.Equal(PushOutcome.LimitReached, push.TryPush("/e").Outcome);
        script.Let("/held-a");
        script.Let("/held-b");
        await wire.BodiesAsync(2, 4);
        Assert.Equal(PushOutcome.Pushed, push.TryPush("/f").Outcome);
        script.Let("/held");
        await wire.BodiesAsync(1, 8);
    }

    [Fact]
    public async Task Pushed_content_obeys_both_windows_and_their_changes()
    {
        await using var server = await TestServer.ForFramesAsync(async context =>
        {
            context.ServerPush().TryPush("/big");
            await context.Response.Body.WriteAsync(new byte[context.Request.Path == "/big" ? 200_000 : 10]);
        });
        await using var wire = await server.ConnectAsync((InitialWindowSize, 100));
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync("DATA 2 100");
        await wire.SendAsync(Settings((InitialWindowSize, 1_000)));
        await wire.UntilAsync("DATA 2 900");
        await wire.SendAsync(Window(2, 500));
        await wire.UntilAsync("DATA 2 500");
        await wire.SendAsync(Window(0, 1_000_000), Window(2, 1_000_000));
        await wire.EndOfAsync(2);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_larger_frame_size_is_used_by_pushed_content_too()
    {
        await using var server = await TestServer.ForFramesAsync(
            async context =>
            {
                context.ServerPush().TryPush("/big");
                await context.Response.Body.WriteAsync(new byte[context.Request.Path == "/big" ? 60_000 : 10]);
            },
            kestrel: options => options.Limits.Http2.MaxFrameSize = 60_000);
        await using var wire = await server.ConnectAsync((MaxFrameSize, 50_000));
        await wire.SendAsync(Get(1, "/"));
        await wire.UntilAsync("DATA 2 50000");
        await wire.EndOfAsync(2);
    }

    // WireRules' reader of header blocks insists on the size update in whichever block comes first.
    [Theory]
    [InlineData(0, true)]
    [InlineData(100, true)]
    [InlineData(0, false)]
    [InlineData(100, false)]
    public async Task A_smaller_header_table_is_confirmed_by_our_block_if_it_is_the_first(uint size, bool promise)
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/first"));
        await wire.EndOfAsync(1);
        await wire.SendAsync(Get(3, "/held"));
        var page = await script.ArrivedAsync("/held");

        await wire.SendAsync(Settings((HeaderTableSize, size)));
        await wire.RoundTripAsync();
        if (promise)
        {
            page.ServerPush().TryPush("/held-a");
            await wire.ExpectAsync("PUSH_PROMISE 3 -> 2 GET /held-a");
        }
        else
        {
            Assert.Equal(InformationalOutcome.Sent, await page.SendEarlyHintsAsync(["</a>; rel=preload"]));
            await wire.ExpectAsync("HEADERS 3 103");
        }

        script.Let("/held");
        await wire.EndOfAsync(3);
        await wire.SendAsync(Get(5, "/again"));
        await wire.EndOfAsync(5);
        script.Let("/held-a");
    }

    // Kestrel never tells the smaller of two sizes (RFC 7541 §4.2). Our block must not come first then.
    [Fact]
    public async Task A_header_table_that_shrank_and_grew_is_left_to_kestrel()
    {
        var script = new Script();
        await using var server = await TestServer.ForFramesAsync(script.Serve);
        await using var wire = await server.ConnectAsync();
        await wire.SendAsync(Get(1, "/held"));
        var page = await script.ArrivedAsync("/held");
        await wire.SendAsync(Settings((HeaderTableSize, 0)), Settings((HeaderTableSize, 2_000)));
        await wire.RoundTripAsync();
        Assert.Equal(InformationalOutcome.LimitReached, await page.SendEarlyHintsAsync(["</a>; rel=preload"]));
        var push = page.ServerPush().TryPush("/a").Push!;
        Assert.Equal(PushFate.NotPromised, (await push.Completion.WaitAsync(WireClient.Patience, TestContext.Current.CancellationToken)).Fate);
    }

    [Fact]
    public async Task A_smaller_header_table_is_confirmed_by_kestrels_block_if_it_is_the_first()
    {
        await using var server = await TestServer.ForFramesAsync(Apps.PagePushing("/a"));
        await using var wire = await server.ConnectAsync((HeaderTableSize, 64));
        await wire.SendAsync(Get(1, "/x"));
        await wire.EndOfAsync(1);
        await wire.SendAsync(Get(3, "/"));
        await wire.BodiesAsync(2, 3);
    }
}
