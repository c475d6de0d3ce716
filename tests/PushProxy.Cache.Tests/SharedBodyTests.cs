using PushProxy.Cache.Flights;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class SharedBodyTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_longer_than_allowed_waits_for_its_slowest_reader_and_keeps_no_more()
    {
        var body = new SharedBody(200_000, null);
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
        var body = new SharedBody(1000, null);
        var reader = body.Join()!;
        await body.AppendAsync(new byte[1000], Cancellation);
        var writing = body.AppendAsync(new byte[500_000], Cancellation).AsTask();
        Assert.False(writing.IsCompleted);
        reader.Dispose();
        await writing;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public async Task Readers_get_all_bytes_in_order_however_they_come(int piece)
    {
        var all = new byte[200_001];
        new Random(piece).NextBytes(all);
        var body = new SharedBody(all.Length, null);
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
        var body = new SharedBody(1000, 100);
        await body.AppendAsync(new byte[10], Cancellation);
        body.Fail(new IOException("broken"));
        using var reader = body.Join()!;
        reader.Advance((await reader.ReadAsync(Cancellation)).Length);
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(Cancellation));
        Assert.Null(body.ToArray());
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
