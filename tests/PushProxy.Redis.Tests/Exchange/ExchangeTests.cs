using PushProxy.Redis.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Redis.Tests.Exchange;

public sealed class ExchangeTests : IAsyncLifetime
{
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task What_one_puts_is_announced_to_the_other()
    {
        // The other does not look in this time.
        await using var one = await Instance.StartAsync(_redis.Connection, Rarely);
        await using var other = await Instance.StartAsync(_redis.Connection, Rarely);
        await SubscribedAsync(2);

        one.Put("p:1 with space", "a\0\xFF");
        one.Put("empty", "");

        await other.Receiver.HasAsync("p:1 with space", "a\0\xFF");
        await other.Receiver.HasAsync("empty", "");
        Assert.All(other.Receiver.Records, static r => Assert.InRange(r.Lifetime, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10)));
        Assert.Empty(one.Receiver.Records);
        Assert.Equal(0, one.Records.Waiting);
    }

    [Fact]
    public async Task The_last_writer_wins()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        one.Put("k", "one's");
        await other.Receiver.HasAsync("k", "one's");
        other.Put("k", "other's");
        await one.Receiver.HasAsync("k", "other's");

        await using var late = await Instance.StartAsync(_redis.Connection);

        Assert.Equal(["other's"], late.Receiver.Values("k"));
    }

    [Fact]
    public async Task Records_of_one_key_come_in_order_and_the_newest_comes()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 2000; i++)
        {
            one.Put("k", $"{i:d4}");
            one.Put($"k{i % 7}", $"{i:d4}");
            if (i % 50 == 0)
            {
                await one.WrittenAsync();
            }
        }

        await other.Receiver.HasAsync("k", "1999");
        var values = other.Receiver.Values("k");
        Assert.Equal(values.Order(StringComparer.Ordinal), values);
        Assert.True(values.Count > 10);
    }

    [Fact]
    public async Task What_has_ended_does_not_come_and_is_counted_no_longer()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        one.Put("short", "gone", TimeSpan.FromMilliseconds(1));
        one.Put("long", "here");
        await one.WrittenAsync();
        await Eventually.EqualAsync(0, async () => (int)await _redis.SayAsync("EXISTS", "pushproxy:v:short"));

        await using var late = await Instance.StartAsync(_redis.Connection);
        Assert.Equal("long", Assert.Single(late.Receiver.Records).Key);

        one.Put("next", "here");
        await one.WrittenAsync();
        Assert.Equal(2, (int)await _redis.SayAsync("ZCARD", "pushproxy:index"));
        Assert.Equal(2, (int)await _redis.SayAsync("ZCARD", "pushproxy:ends"));
    }

    [Fact]
    public async Task Everything_in_Redis_has_an_end()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        one.Put("k", "v", TimeSpan.FromDays(30));
        await one.WrittenAsync();
        var keys = (string[])(await _redis.SayAsync("KEYS", "*"))!;

        Assert.Equal(
            ["pushproxy:ends", "pushproxy:id", "pushproxy:index", "pushproxy:v:k", "pushproxy:version"],
            keys.Order(StringComparer.Ordinal));
        foreach (var key in keys)
        {
            // The index does not end before what it names.
            var left = TimeSpan.FromMilliseconds((long)await _redis.SayAsync("PTTL", key));
            Assert.InRange(left, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
        }
    }

    [Fact]
    public async Task Of_eight_who_propose_all_receive_the_first()
    {
        var instances = new List<Instance>();
        for (var i = 0; i < 8; i++)
        {
            instances.Add(await Instance.StartAsync(_redis.Connection));
        }

        Parallel.ForEach(instances, static one => one.Put("secret", Guid.NewGuid().ToString(), keepsFirst: true));

        foreach (var one in instances)
        {
            await Eventually.TrueAsync(() => one.Receiver.Values("secret").Count > 0, static () => "One received no secret.");
        }

        Assert.Single(instances.SelectMany(static one => one.Receiver.Values("secret")).Distinct());
        foreach (var one in instances)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_comes_later_receives_everything()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 1000; i++)
        {
            one.Put($"k{i}", $"v{i}");
        }

        one.Put("secret", "s", keepsFirst: true);
        await one.WrittenAsync();

        await using var late = await Instance.StartAsync(_redis.Connection);

        Assert.Equal([true], one.Receiver.CaughtUps);
        Assert.Equal([false], late.Receiver.CaughtUps);
        Assert.Equal(1001, late.Receiver.Records.Count);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal([$"v{i}"], late.Receiver.Values($"k{i}")));
    }

    [Fact]
    public async Task Large_records_come_too()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 5; i++)
        {
            one.Put($"k{i}", new string((char)('a' + i), 1024 * 1024));
        }

        await one.WrittenAsync();
        await using var late = await Instance.StartAsync(_redis.Connection);

        Assert.Equal("abcde", string.Concat(late.Receiver.Records.Select(static r => (char)r.Value.Span[^1]).Order()));
        Assert.All(late.Receiver.Records, static r => Assert.Equal(1024 * 1024, r.Value.Length));
    }

    [Fact]
    public async Task What_an_instance_has_put_does_not_come_back()
    {
        await using var one = await Instance.StartAsync(_redis.Connection, Often);
        await using var other = await Instance.StartAsync(_redis.Connection, Often);
        for (var i = 0; i < 3000; i++)
        {
            one.Put($"one{i}", "1");
            other.Put($"other{i}", "2");
        }

        await one.WrittenAsync();
        await other.WrittenAsync();
        one.Put("end", "of one");
        await other.Receiver.HasAsync("end", "of one");
        other.Put("end", "of other");
        await one.Receiver.HasAsync("end", "of other");

        await Eventually.TrueAsync(() => one.Receiver.Records.Count >= 3001, () => $"{one.Receiver.Records.Count}");
        Assert.DoesNotContain(one.Receiver.Records, static r => r.Key.StartsWith("one", StringComparison.Ordinal));
        Assert.DoesNotContain(other.Receiver.Records, static r => r.Key.StartsWith("other", StringComparison.Ordinal));
        Assert.Equal(one.Receiver.Records.Count, one.Receiver.Records.Select(static r => r.Key).Distinct().Count());
    }

    [Fact]
    public async Task Instances_with_other_prefixes_do_not_share()
    {
        await using var one = await Instance.StartAsync(_redis.Connection, static o => o.Prefix = "one:");
        await using var other = await Instance.StartAsync(_redis.Connection, static o => o.Prefix = "other:");
        one.Put("k", "one's");
        await one.WrittenAsync();

        await using var third = await Instance.StartAsync(_redis.Connection, static o => o.Prefix = "other:");
        other.Put("k", "other's");
        await third.Receiver.HasAsync("k", "other's");

        Assert.Equal([true], other.Receiver.CaughtUps);
        Assert.Equal(["other's"], third.Receiver.Values("k"));
    }

    [Fact]
    public async Task A_prefix_of_channels_in_the_connection_string_counts()
    {
        var connection = _redis.Connection + ",channelPrefix=site:";
        await using var one = await Instance.StartAsync(connection, Rarely);
        await using var other = await Instance.StartAsync(connection, Rarely);
        await SubscribedAsync(2, "site:pushproxy:news");

        one.Put("k", "v");

        await other.Receiver.HasAsync("k", "v");
    }

    [Fact]
    public async Task What_a_receiver_cannot_take_does_not_stop_the_rest()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        var other = await Instance.StartAsync(_redis.Connection);
        other.Receiver.OnRecord = static r => _ = r.Key == "bad" ? throw new InvalidOperationException("It can't.") : true;
        one.Put("bad", "1");
        await other.Receiver.HasAsync("bad", "1");
        one.Put("good", "2");
        await other.Receiver.HasAsync("good", "2");

        Assert.Contains("'bad'", Assert.Single(other.Warnings), StringComparison.Ordinal);
        await other.Records.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_at_the_end_is_put()
    {
        await using var other = await Instance.StartAsync(_redis.Connection);
        var one = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 500; i++)
        {
            one.Put($"k{i}", "v");
        }

        await one.DisposeAsync();

        Assert.False(one.TryPut("later", "v"));
        await other.Receiver.HasAsync("k499", "v");
        Assert.Equal(500, other.Receiver.Records.Select(static r => r.Key).Distinct().Count());
    }

    private static void Rarely(SharedRedisOptions options) => options.LookEvery = TimeSpan.FromMinutes(1);

    private static void Often(SharedRedisOptions options) => options.LookEvery = TimeSpan.FromMilliseconds(50);

    private Task SubscribedAsync(int count, string channel = "pushproxy:news") =>
        Eventually.EqualAsync($"{count}", async () => ((string[])(await _redis.SayAsync("PUBSUB", "NUMSUB", channel))!)[1]);
}
