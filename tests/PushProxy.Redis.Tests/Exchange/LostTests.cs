using Microsoft.Extensions.Logging;
using PushProxy.Redis.Tests.Support;
using Xunit;

namespace PushProxy.Redis.Tests.Exchange;

/// <summary>What the channel does not say, and what Redis does not have any more.</summary>
public sealed class LostTests : IAsyncLifetime
{
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task A_user_who_may_not_subscribe_receives_all_the_same_and_the_log_says_so()
    {
        await _redis.SayAsync("ACL", "SETUSER", "deaf", "on", ">word", "~*", "resetchannels", "+@all");
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var deaf = await Instance.StartAsync(_redis.Connection + ",user=deaf,password=word");

        one.Put("k", "v");
        await deaf.Receiver.HasAsync("k", "v");

        // This user may not publish either, and puts all the same.
        deaf.Put("back", "w");
        await one.Receiver.HasAsync("back", "w");
        await deaf.LoggedAsync(LogLevel.Warning, "does not tell news");
        Assert.Single(deaf.Warnings);
        Assert.Equal("1", ((string[])(await _redis.SayAsync("PUBSUB", "NUMSUB", "pushproxy:news"))!)[1]);
    }

    [Fact]
    public async Task What_was_put_while_nobody_heard_comes_by_looking()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 20; i++)
        {
            one.Put($"k{i}", "v");
            await _redis.SayAsync("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
            await one.WrittenAsync();
        }

        for (var i = 0; i < 20; i++)
        {
            await other.Receiver.HasAsync($"k{i}", "v");
        }

        Assert.DoesNotContain(true, other.Receiver.CaughtUps);
    }

    [Fact]
    public async Task All_are_told_of_a_Redis_that_was_emptied_and_what_is_put_again_comes()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        await using var third = await Instance.StartAsync(_redis.Connection);
        one.Put("k", "v");
        await other.Receiver.HasAsync("k", "v");

        await _redis.SayAsync("FLUSHALL");

        foreach (var instance in new[] { one, other, third })
        {
            await instance.CaughtUpAsync(2);
            Assert.Equal(instance == one ? [true, true] : [false, true], instance.Receiver.CaughtUps);
        }

        one.Put("k", "again");
        await other.Receiver.HasAsync("k", "again");
        await third.Receiver.HasAsync("k", "again");
        Assert.Empty(one.Receiver.Records);
    }

    [Fact]
    public async Task Who_puts_into_an_emptied_Redis_at_once_is_told_of_it_and_loses_nothing()
    {
        await using var one = await Instance.StartAsync(_redis.Connection, static o => o.LookEvery = TimeSpan.FromMinutes(1));
        await using var other = await Instance.StartAsync(_redis.Connection, static o => o.LookEvery = TimeSpan.FromMinutes(1));
        one.Put("k", "v");
        await one.WrittenAsync();

        await _redis.SayAsync("FLUSHALL");
        one.Put("k", "again");

        // Nobody looks in this time: what was put says that the place is another one.
        await one.CaughtUpAsync(2);
        await other.CaughtUpAsync(2);
        await other.Receiver.HasAsync("k", "again");
        Assert.Equal([true, true], one.Receiver.CaughtUps);
        Assert.Equal([false, true], other.Receiver.CaughtUps);
        Assert.Empty(one.Receiver.Records);
    }

    [Fact]
    public async Task A_Redis_that_went_back_in_time_is_a_new_one()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 100; i++)
        {
            one.Put($"k{i}", "v");
        }

        await one.WrittenAsync();

        // As if a copy that had not everything had taken over.
        await _redis.SayAsync("SET", "pushproxy:version", "50");

        await one.CaughtUpAsync(2);
        Assert.Equal([true, true], one.Receiver.CaughtUps);
    }

    [Fact]
    public async Task A_counter_that_was_evicted_goes_on_after_the_index()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        for (var i = 0; i < 10; i++)
        {
            one.Put($"k{i}", "v");
        }

        await one.WrittenAsync();
        await _redis.SayAsync("DEL", "pushproxy:version");
        one.Put("new", "w");
        await one.WrittenAsync();

        Assert.Equal(11, (int)await _redis.SayAsync("GET", "pushproxy:version"));
        Assert.Equal("11", (string?)await _redis.SayAsync("ZSCORE", "pushproxy:index", "new"));
    }

    [Fact]
    public async Task The_oldest_records_make_room()
    {
        await using var one = await Instance.StartAsync(_redis.Connection, static o => o.MaxRecords = 10);
        for (var i = 0; i < 25; i++)
        {
            one.Put($"k{i}", "v");
        }

        await one.WrittenAsync();

        Assert.Equal(10, (int)await _redis.SayAsync("ZCARD", "pushproxy:index"));
        Assert.Equal(10, (int)await _redis.SayAsync("ZCARD", "pushproxy:ends"));
        Assert.Equal(14, (int)await _redis.SayAsync("DBSIZE"));
        await using var late = await Instance.StartAsync(_redis.Connection);
        Assert.Equal(Enumerable.Range(15, 10).Select(static i => $"k{i}"), late.Receiver.Records.Select(static r => r.Key));
    }

    [Fact]
    public async Task Values_of_others_are_handed_on_as_they_are()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        one.Put("garbage", "v");
        one.Put("list", "v");
        one.Put("endless", "v");
        await one.WrittenAsync();
        var noise = new byte[1000];
        new Random(1).NextBytes(noise);
        await _redis.SayAsync("SET", "pushproxy:v:garbage", noise);
        await _redis.SayAsync("PERSIST", "pushproxy:v:endless");
        await _redis.SayAsync("DEL", "pushproxy:v:list");
        await _redis.SayAsync("LPUSH", "pushproxy:v:list", "x");
        await _redis.SayAsync("ZADD", "pushproxy:index", "99", "key\nof nobody", "100", new string('x', 500));
        await _redis.SayAsync("SET", "pushproxy:version", "100");
        foreach (var message in new[] { "", "x", "a b c d", "a 99999999999999999999 c d", "a 5 c d\0", "a 101 b garbage", "\xFF\xFE" })
        {
            await _redis.SayAsync("PUBLISH", "pushproxy:news", message);
        }

        await using var late = await Instance.StartAsync(_redis.Connection);
        Assert.Equal(["endless", "garbage"], late.Receiver.Records.Select(static r => r.Key).Order());
        Assert.Equal(noise, late.Receiver.Records.Single(static r => r.Key == "garbage").Value.ToArray());
        Assert.All(late.Receiver.Records, static r => Assert.True(r.Lifetime > TimeSpan.Zero));

        // What has the wrong type is replaced.
        one.Put("list", "new");
        await late.Receiver.HasAsync("list", "new");
        await _redis.SayAsync("DEL", "pushproxy:v:list");
        await _redis.SayAsync("LPUSH", "pushproxy:v:list", "x");
        one.Put("list", "proposed", keepsFirst: true);
        await late.Receiver.HasAsync("list", "proposed");
        Assert.Empty(one.Warnings);
        Assert.Empty(late.Warnings);
    }
}
