using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Client.Pacing;
using PushProxy.Forwarding;
using Xunit;

namespace PushProxy.Tests.Client.Pacing;

/// <summary>The rest of a page goes after what its display waits for, on a path with a window of ten segments that is full.</summary>
public sealed class YieldTests
{
    private const int Window = 14_600;
    private static readonly PushOrder Style = new(3, 0, 0) { IsBlocking = true };
    private static readonly PushOrder Script = new(3, 0, 1) { IsBlocking = true };
    private static readonly PushOrder Image = new(3, 0, 2);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly PushSchedule _schedule;
    private readonly AwaitedPage _page;
    private LinkState _link = new(TimeSpan.FromMilliseconds(100), Window, Window, 8192);

    public YieldTests()
    {
        _schedule = new PushSchedule(() => _link, new PacingLoad(), _time);
        _page = _schedule.PageBegun();
        _schedule.Begun(Style);
        _schedule.Begun(Script);
    }

    [Fact]
    public async Task It_waits_for_all_that_blocks_and_is_there_and_for_nothing_else()
    {
        var (style, script, image) = (Next(Style, 1000), Next(Script, 1000), Next(Image, 1000));
        var rest = SeenAtEndAsync(_schedule.YieldAsync(), () => (style.IsCompleted, script.IsCompleted, image.IsCompleted));
        Tick(20);

        MakeRoomFor(1000);
        await TickUntilAsync(style);
        _schedule.Written(await style);
        MakeRoomFor(0);
        Tick(20);

        MakeRoomFor(1000);
        await TickUntilAsync(() => script.IsCompleted && rest.IsCompleted);
        Assert.Equal((true, true, false), await rest);
    }

    [Fact]
    public async Task It_waits_for_the_rest_of_what_was_let_through_in_part()
    {
        var style = Next(Style, 3000);
        ValueTask<int>? remainder = null;
        var rest = SeenAtEndAsync(_schedule.YieldAsync(), () => remainder?.IsCompleted);
        MakeRoomFor(1000);
        await TickUntilAsync(style);
        var part = await style;
        Assert.InRange(part, 1, 2999);
        _schedule.Written(part);
        MakeRoomFor(0);
        remainder = Next(Style, 3000 - part);
        Tick(20);
        MakeRoomFor(5000);
        await TickUntilAsync(() => remainder.Value.IsCompleted && rest.IsCompleted);
        Assert.True(await rest);
    }

    [Fact]
    public async Task What_does_not_block_holds_up_nothing_that_does_even_if_it_came_before()
    {
        // Of an earlier page of the same connection, so it has the lower rank.
        var (image, style) = (Next(new PushOrder(3, -1, 0), 1000), Next(Style, 1000));
        var rest = SeenAtEndAsync(_schedule.YieldAsync(), () => (style.IsCompleted, image.IsCompleted));
        Tick(20);
        Assert.False(style.IsCompleted);
        MakeRoomFor(1000);
        await TickUntilAsync(() => rest.IsCompleted);
        Assert.Equal((true, false), await rest);
    }

    [Fact]
    public void What_is_not_there_yet_is_not_waited_for()
    {
        Assert.True(_schedule.YieldAsync().IsCompleted);
        var image = Next(Image, 1000);
        Assert.True(_schedule.YieldAsync().IsCompleted);
        Assert.False(image.IsCompleted);
    }

    [Fact]
    public async Task What_does_not_block_goes_after_it()
    {
        var style = Next(Style, 1000);
        var rest = _schedule.YieldAsync();
        var image = Next(Image, 1000);
        MakeRoomFor(50_000);
        await TickUntilAsync(() => style.IsCompleted && rest.IsCompleted);
        Tick(20);
        Assert.False(image.IsCompleted);
        _schedule.RestWritten();
        await TickUntilAsync(image);
    }

    [Fact]
    public async Task What_does_not_block_does_not_wait_for_ever()
    {
        Assert.True(_schedule.YieldAsync().IsCompleted);
        var image = Next(Image, 1000);
        MakeRoomFor(50_000);
        Tick(20);
        Assert.False(image.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await TickUntilAsync(image);
    }

    [Fact]
    public async Task It_waits_for_a_quarter_of_a_megabyte_at_the_most()
    {
        var let = 0;
        Task<int>? piece = null;
        using var ended = new CancellationTokenSource();
        var script = WriteAsync();
        var rest = _schedule.YieldAsync();
        MakeRoomFor(64 * 1024);
        while (!rest.IsCompleted)
        {
            // Time goes on only when the body has asked for its next piece.
            if (!piece!.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
            }

            await Task.Delay(1, Cancellation);
        }

        var before = let;
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => script);
        Assert.InRange(before, 256 * 1024, 384 * 1024);

        async Task WriteAsync()
        {
            while (true)
            {
                piece = _schedule.NextAsync(Script, 64 * 1024, ended.Token).AsTask();
                let += await piece;
                _schedule.Written(await piece);
            }
        }
    }

    [Fact]
    public async Task It_waits_for_a_second_at_the_most()
    {
        _ = Next(Script, 1000);
        var rest = _schedule.YieldAsync();

        // What a timer lets go on does so within Advance: had the wait ended, this would be seen at once, as it is a millisecond later.
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(rest.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(rest.IsCompleted);
        await rest;
    }

    [Fact]
    public async Task Who_gives_up_is_not_waited_for()
    {
        using var cancellation = new CancellationTokenSource();
        var script = _schedule.NextAsync(Script, 1000, cancellation.Token);
        var rest = _schedule.YieldAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await script);
        await TickUntilAsync(rest);
    }

    [Theory]
    [InlineData(20_000, 20_000)]
    [InlineData(5_000, 3_000)]
    [InlineData(100, 1)]
    public async Task The_beginning_of_a_page_waits_for_nothing_and_no_byte_is_lost(int length, int piece)
    {
        var script = Next(Script, 1000);
        var page = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
        var sent = new MemoryStream();
        var body = new YieldingBody(new StreamResponseBodyFeature(sent), _schedule, _page);
        var tooSoon = false;
        var writing = WriteAsync();
        Tick(20);
        Assert.Equal(Math.Min(length, AwaitedPage.MaxBeginning), sent.Length);
        Assert.Equal(length <= AwaitedPage.MaxBeginning, writing.IsCompleted);

        MakeRoomFor(1000);
        await TickUntilAsync(script);
        await TickUntilAsync(() => writing.IsCompleted);
        await writing;
        Assert.False(tooSoon);
        Assert.Equal(page, sent.ToArray());

        async Task WriteAsync()
        {
            for (var at = 0; at < length; at += piece)
            {
                await body.Stream.WriteAsync(page.AsMemory(at, Math.Min(piece, length - at)), Cancellation);
                tooSoon |= sent.Length > AwaitedPage.MaxBeginning && !script.IsCompleted;
            }
        }
    }

    private ValueTask<int> Next(PushOrder order, int wanted) => _schedule.NextAsync(order, wanted, CancellationToken.None);

    // Four kilobytes may wait unsent.
    private void MakeRoomFor(int bytes) => _link = _link with { Unsent = 4096 - bytes };

    private void Tick(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>What was to be seen when a wait ended: whether it ended too soon, however late the test looks.</summary>
    private static async Task<T> SeenAtEndAsync<T>(ValueTask wait, Func<T> look)
    {
        await wait;
        return look();
    }

    private Task TickUntilAsync(params ValueTask<int>[] pieces) => TickUntilAsync(() => Array.TrueForAll(pieces, static p => p.IsCompleted));

    private Task TickUntilAsync(ValueTask rest) => TickUntilAsync(() => rest.IsCompleted);

    private async Task TickUntilAsync(Func<bool> isDone)
    {
        for (var i = 0; !isDone(); i++)
        {
            // What a tick sets off is given time: a second one must not overtake it.
            Assert.True(i < 500, "It was never let through.");
            _time.Advance(TimeSpan.FromMilliseconds(10));
            for (var j = 0; j < 20 && !isDone(); j++)
            {
                await Task.Delay(1, Cancellation);
            }
        }
    }
}
