using Microsoft.Extensions.Options;
using PushProxy.Cache.Flights;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class SharedBodyTests
{
    private readonly BytesUnderWay _memory = new(Options.Create(new HttpCacheOptions { MaxBytesUnderWay = 1_000_000 }));

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_longer_than_allowed_waits_for_its_slowest_reader_and_keeps_no_more()
    {
        var body = Open(200_000, null);
        using var reader = body.Join()!;
        var writing = body.AppendAsync(new byte[1_000_000], Cancellation).AsTask();
        var (total, most) = (0L, 0L);
        while (total < 1_000_000)
        {
            var bytes = await reader.ReadAsync(Cancellation);
            most = Math.Max(most, body.Kept);
            total += bytes.Length;
            reader.Advance(bytes.Length);
        }

        await writing;
        body.Complete();
        Assert.True((await reader.ReadAsync(Cancellation)).IsEmpty);
        Assert.InRange(most, 1, 300_000);
        Assert.True(body.IsTooLong);
        Assert.Null(body.ToArray());
        Assert.Null(body.Join());
    }

    [Fact]
    public async Task A_reader_that_goes_away_holds_nobody_up()
    {
        var body = Open(1000, null);
        var reader = body.Join()!;
        await body.AppendAsync(new byte[1000], Cancellation);
        var writing = body.AppendAsync(new byte[500_000], Cancellation).AsTask();
        Assert.False(writing.IsCompleted);
        reader.Dispose();
        await writing;
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(1000, false)]
    [InlineData(65_536, true)]
    [InlineData(65_536, false)]
    [InlineData(65_537, true)]
    [InlineData(65_537, false)]
    public async Task Readers_get_all_bytes_in_order_however_they_come(int piece, bool hasLength)
    {
        var all = new byte[200_001];
        new Random(piece).NextBytes(all);
        var body = Open(all.Length, hasLength ? all.Length : null);
        var readers = Enumerable.Range(0, 3).Select(_ => ReadAsync(body.Join()!)).ToList();
        for (var at = 0; at < all.Length; at += piece)
        {
            await body.AppendAsync(all.AsMemory(at, Math.Min(piece, all.Length - at)), Cancellation);
        }

        readers.Add(ReadAsync(body.Join()!));
        body.Complete();
        foreach (var reader in readers)
        {
            Assert.Equal(all, await reader);
        }

        Assert.Equal(all, body.ToArray());
    }

    [Fact]
    public async Task What_breaks_off_gives_its_beginning_and_then_the_error()
    {
        var body = Open(1000, 100);
        await body.AppendAsync(new byte[10], Cancellation);
        body.Fail(new IOException("broken"));
        using var reader = body.Join()!;
        reader.Advance((await reader.ReadAsync(Cancellation)).Length);
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(Cancellation));
        Assert.Null(body.ToArray());
    }

    [Fact]
    public async Task Others_begin_with_what_is_known_not_to_be_too_long()
    {
        var known = Open(1000, 100);
        using var early = await known.FollowAsync(Cancellation);
        Assert.NotNull(early);

        var unknown = Open(1000, null);
        var late = unknown.FollowAsync(Cancellation).AsTask();
        await unknown.AppendAsync(new byte[1000], Cancellation);
        Assert.False(late.IsCompleted);
        unknown.Complete();
        using var reader = await late;
        Assert.Equal(1000, (await ReadAsync(reader!)).Length);

        var tooLong = Open(1000, null);
        late = tooLong.FollowAsync(Cancellation).AsTask();
        await tooLong.AppendAsync(new byte[1001], Cancellation);
        Assert.Null(await late);
        Assert.Null(await tooLong.FollowAsync(Cancellation));
    }

    [Theory]
    [InlineData(500_000)]
    [InlineData(null)]
    public async Task Memory_goes_back_when_the_last_has_read(int? length)
    {
        var body = Open(500_000, length);
        var reader = body.Join()!;
        await body.AppendAsync(new byte[500_000], Cancellation);
        body.Complete();
        body.Close();
        Assert.InRange(_memory.Taken, 500_000, 600_000);
        Assert.Null(body.Join());
        Assert.Equal(500_000, (await ReadAsync(reader)).Length);
        Assert.Equal(0, _memory.Taken);
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void A_body_that_says_how_long_it_is_takes_its_memory_at_once(int length, bool isOpen)
    {
        Assert.Equal(isOpen, new SharedBody(int.MaxValue, length, _memory).TryOpen());
        Assert.Equal(isOpen ? length : 0, _memory.Taken);
    }

    [Theory]
    [InlineData(950_000, false)]
    [InlineData(1_000_000, true)]
    public async Task A_body_for_which_there_is_no_more_memory_goes_on_in_a_window(int length, bool isTooLong)
    {
        var body = Open(int.MaxValue, null);
        var reading = ReadAsync(body.Join()!);
        for (var at = 0; at < length; at += 50_000)
        {
            await body.AppendAsync(new byte[50_000], Cancellation);
            Assert.InRange(_memory.Taken, 0, 1_000_000);
        }

        Assert.Equal((isTooLong, isTooLong), (body.IsTooLong, body.IsCrowdedOut));
        body.Complete();
        Assert.Equal(length, (await reading).Length);
        Assert.Equal(isTooLong, body.ToArray() is null);
        Assert.False(isTooLong && _memory.Taken > 300_000);
        body.Close();
        Assert.Equal(0, _memory.Taken);
    }

    private SharedBody Open(int maxBytes, long? length)
    {
        var body = new SharedBody(maxBytes, length, _memory);
        Assert.True(body.TryOpen());
        return body;
    }

    [Fact]
    public async Task A_body_is_given_up_only_if_nobody_reads_it_and_nobody_joins_it_after_that()
    {
        var body = Open(1000, 1000);
        var reader = body.Join()!;
        await body.AppendAsync(new byte[10], Cancellation);
        Assert.False(body.TryAbandon());
        Assert.Equal(10, (await reader.ReadAsync(Cancellation)).Length);
        reader.Dispose();
        Assert.True(body.TryAbandon());
        Assert.Null(await body.FollowAsync(Cancellation));
        Assert.Equal(0, _memory.Taken);

        // What still comes is lost.
        await body.AppendAsync(new byte[990], Cancellation);
        body.Complete();
        Assert.Null(body.ToArray());
        Assert.Equal((true, true, 0), (body.IsAbandoned, body.IsBroken, _memory.Taken));
    }

    [Fact]
    public async Task A_whole_body_is_not_given_up()
    {
        var body = Open(1000, 10);
        await body.AppendAsync(new byte[10], Cancellation);
        body.Complete();
        Assert.False(body.TryAbandon());
        Assert.Equal(10, body.ToArray()!.Length);
    }

    private static async Task<byte[]> ReadAsync(SharedBody.Reader reader)
    {
        using (reader)
        {
            var all = new MemoryStream();
            while (await reader.ReadAsync(Cancellation) is { IsEmpty: false } bytes)
            {
                all.Write(bytes.Span);
                reader.Advance(bytes.Length);
            }

            return all.ToArray();
        }
    }
}
