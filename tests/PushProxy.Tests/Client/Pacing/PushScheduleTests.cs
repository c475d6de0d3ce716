using Microsoft.Extensions.Time.Testing;
using PushProxy.Client.Pacing;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Client.Pacing;

/// <summary>Pacing, on a path whose state the test sets: 100 ms, a window of ten segments.</summary>
public sealed class PushScheduleTests
{
    private const int Window = 14_600;
    private static readonly PushOrder Blocking = new(3, 0, 0) { IsBlocking = true };
    private readonly FakeTimeProvider _time = new();
    private readonly PacingLoad _load = new();
    private readonly PushSchedule _schedule;
    private readonly AwaitedPage _page;
    private LinkState? _link = new LinkState(TimeSpan.FromMilliseconds(100), Window, 0, 0);

    public PushScheduleTests()
    {
        _schedule = new PushSchedule(() => _link, _load, _time);
        _page = _schedule.PageBegun();
    }

    [Fact]
    public async Task A_window_and_a_little_more_goes_at_once()
    {
        var bytes = await Next(0, 1_000_000);
        Assert.InRange(bytes, Window, Window + 8192);
        Assert.False(Next(0, 1).IsCompleted);
    }

    [Fact]
    public async Task What_waits_goes_when_the_socket_has_room_the_most_important_first()
    {
        _link = _link!.Value with { InFlight = Window, Unsent = 8192 };
        var script = Next(2, 1000);
        var style = Next(1, 1000);
        var nextPage = _schedule.NextAsync(new PushOrder(3, 1, 0), 1000, CancellationToken.None);
        var urgent = _schedule.NextAsync(new PushOrder(1, 9, 9), 1000, CancellationToken.None);
        Tick();
        Assert.False(urgent.IsCompleted);

        // Room for two and a half: one after the other, in order.
        _link = _link.Value with { Unsent = 4096 - 2500 };
        await TickUntilAsync(urgent, style, script);
        int[] granted = [await urgent, await style, await script];
        Assert.Equal([1000, 1000, 500], granted);
        Assert.False(nextPage.IsCompleted);
    }

    [Fact]
    public async Task Nothing_is_held_back_once_no_page_is_awaited()
    {
        _link = _link!.Value with { InFlight = Window, Unsent = 100_000 };
        var waiting = Next(0, 1_000_000);
        Assert.False(waiting.IsCompleted);
        _page.Ended();
        Assert.Equal(1_000_000, await waiting);
        Assert.Equal(1_000_000, await Next(1, 1_000_000));
        _schedule.PageBegun();
        Assert.False(Next(0, 1000).IsCompleted);
    }

    [Fact]
    public async Task Once_no_page_is_awaited_what_blocks_goes_and_the_rest_after_it()
    {
        _link = _link!.Value with { InFlight = Window, Unsent = 100_000 };
        _schedule.Begun(Blocking);
        var script = _schedule.NextAsync(Blocking, 50_000, CancellationToken.None);
        var image = Next(1, 50_000);
        _page.Ended();
        Assert.Equal(50_000, await script);
        Assert.False(image.IsCompleted);
        _schedule.Ended(Blocking);
        Assert.Equal(50_000, await image);
    }

    [Fact]
    public async Task Room_is_kept_for_a_page_that_comes_within_a_round_trip()
    {
        _page.Ended();
        var page = _schedule.PageBegun(new PageForecast(TimeSpan.FromMilliseconds(200), 24_000));
        Assert.InRange(await Next(0, 6000), 6000, 6000);
        _schedule.Written(6000);
        _link = _link!.Value with { InFlight = 6000 };

        // Less than a round trip before it is due, what is left is its own; not a byte more waits in the socket.
        _time.Advance(TimeSpan.FromMilliseconds(140));
        Assert.Equal(Window - 6000 - AwaitedPage.MaxBeginning, await Next(1, 100_000));
        _link = _link.Value with { InFlight = Window - AwaitedPage.MaxBeginning };
        _schedule.Written(Window);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        var image = Next(2, 1000);
        Assert.False(image.IsCompleted);
        page.Begun();
        await TickUntilAsync(image);
    }

    [Fact]
    public async Task Before_a_page_begins_what_does_not_block_fills_no_queue_of_the_path()
    {
        // A third of the round trip is spent in a queue.
        _link = new LinkState(TimeSpan.FromMilliseconds(150), 60_000, 40_000, 0) { ShortestRoundTrip = TimeSpan.FromMilliseconds(100) };
        Assert.InRange(await Next(0, 1_000_000), 1, 8192);
        _schedule.Written(8192);
        Tick();
        Assert.InRange(await _schedule.NextAsync(Blocking, 1_000_000, CancellationToken.None), 20_000 - 8192, 20_000 + 8192);

        // The rest of the page does not wait for it.
        _page.Begun();
        _link = _link.Value with { InFlight = 60_000 - 20_000 };
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.InRange(await Next(2, 1_000_000), 20_000, 20_000 + 8192);
    }

    [Fact]
    public async Task No_more_room_is_kept_than_the_page_takes()
    {
        _page.Ended();
        var page = _schedule.PageBegun(new PageForecast(TimeSpan.FromMilliseconds(10), 2_000));
        Assert.Equal(Window - 2_000, await Next(0, 100_000));
        page.Ended();
        Assert.Equal(100_000, await Next(0, 100_000));
        page.Ended();
    }

    [Fact]
    public async Task Where_TCP_tells_nothing_nothing_is_paced()
    {
        _link = null;
        Assert.Equal(5_000_000, await Next(0, 5_000_000));
    }

    [Fact]
    public async Task Who_gives_up_waits_no_more_and_is_in_nobodys_way()
    {
        _link = _link!.Value with { InFlight = Window, Unsent = 8192 };
        using var cancellation = new CancellationTokenSource();
        var first = _schedule.NextAsync(new PushOrder(3, 0, 0), 1000, cancellation.Token);
        var second = Next(1, 1000);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await first);
        _link = _link.Value with { Unsent = 4096 - 1000 };
        await TickUntilAsync(second);
        Assert.Equal(1000, await second);
    }

    [Fact]
    public async Task A_piece_the_client_takes_no_more_of_holds_nobody_up_for_long()
    {
        var stuck = await Next(0, 1_000_000);
        Assert.True(stuck > 0);
        var other = Next(1, 1000);
        Assert.False(other.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        await TickUntilAsync(other);
        Assert.Equal(1000, await other);
    }

    [Fact]
    public async Task Many_connections_look_less_often()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(3), _load.AtLeast(TimeSpan.FromMilliseconds(3)));
        var entered = Enumerable.Range(0, 1000).Select(_ => _load.Enter()).ToList();
        Assert.Equal(TimeSpan.FromMilliseconds(20), _load.AtLeast(TimeSpan.FromMilliseconds(3)));
        entered.ForEach(static e => e.Dispose());
        Assert.Equal(0, _load.Waiting);

        // And one that waits is counted, as long as it waits.
        _link = _link!.Value with { InFlight = Window, Unsent = 8192 };
        var waiting = Next(0, 1);
        Assert.Equal(1, _load.Waiting);
        _link = _link.Value with { Unsent = 0 };
        await TickUntilAsync(waiting);
        for (var i = 0; _load.Waiting > 0; i++)
        {
            Assert.True(i < 1000);
            await Task.Yield();
            Tick();
        }
    }

    private ValueTask<int> Next(int index, int wanted) => _schedule.NextAsync(new PushOrder(3, 0, index), wanted, CancellationToken.None);

    private void Tick() => _time.Advance(TimeSpan.FromMilliseconds(10));

    private async Task TickUntilAsync(params ValueTask<int>[] pieces)
    {
        for (var i = 0; !Array.TrueForAll(pieces, static p => p.IsCompleted); i++)
        {
            Assert.True(i < 5000, "It was never let through.");
            Tick();
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
