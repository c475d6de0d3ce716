using System.Globalization;
using Microsoft.Extensions.Logging;
using PushProxy.Redis.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Redis.Tests.Connections;

/// <summary>Redis is gone, slow, full or not for us.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task A_Redis_that_comes_back_empty_is_filled_again_within_ten_seconds()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        one.Put("k", "v");
        await other.Receiver.HasAsync("k", "v");

        await _redis.KillAsync();
        await one.ConnectedAsync(false);
        await other.ConnectedAsync(false);
        one.Put("k", "replaced");
        one.Put("k", "while it was gone");
        one.Put("l", "while it was gone");
        Assert.Equal(2, one.Records.Waiting);
        await _redis.StartAgainAsync();

        await Eventually.TrueAsync(
            () => one.Receiver.CaughtUps.Count >= 2 && other.Receiver.CaughtUps.Count >= 2
                && other.Receiver.Values("k") is [.., "while it was gone"] && other.Receiver.Values("l") is [_],
            () => $"Ten seconds later: {one.Receiver.CaughtUps.Count}, {other.Receiver.CaughtUps.Count}, {one.Records.Waiting} wait",
            TimeSpan.FromSeconds(10));
        Assert.Equal([true, true], one.Receiver.CaughtUps.Take(2));
        Assert.Equal([false, true], other.Receiver.CaughtUps.Take(2));
        Assert.DoesNotContain("replaced", other.Receiver.Values("k"));
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Contains($"{_redis.Connection} can't be used", Assert.Single(one.Warnings), StringComparison.Ordinal);
        Assert.True(one.Records.IsConnected);
    }

    [Fact]
    public async Task While_Redis_is_halted_nobody_waits_for_it_and_nothing_is_lost()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        _redis.Halt();

        // These return, although Redis can't answer before the line below that lets it go on.
        for (var i = 0; i < 1000; i++)
        {
            one.Put($"k{i}", "v");
        }

        Assert.Equal(1000, one.Records.Waiting);
        await one.ConnectedAsync(false);
        await other.ConnectedAsync(false);
        Assert.Equal(1000, one.Records.Waiting);
        Assert.Empty(other.Receiver.Records);
        _redis.GoOn();

        await Eventually.TrueAsync(
            () => other.Receiver.Records.Select(static r => r.Key).Distinct().Count() == 1000,
            () => $"{other.Receiver.Records.Count} came, {one.Records.Waiting} wait", TimeSpan.FromSeconds(10));
        await one.ConnectedAsync(true);
        await one.WrittenAsync();
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
        Assert.DoesNotContain(true, other.Receiver.CaughtUps);
    }

    [Fact]
    public async Task An_instance_ends_while_Redis_is_halted_and_commands_are_under_way()
    {
        for (var i = 0; i < 5; i++)
        {
            var one = await Instance.StartAsync(_redis.Connection, static o => o.LookEvery = TimeSpan.FromMilliseconds(50));
            _redis.Halt();
            one.Put("k", "v");
            if (i % 2 == 0)
            {
                await one.ConnectedAsync(false);
            }

            await one.DisposeAsync();
            Assert.False(one.TryPut("l", "w"));
            _redis.GoOn();
        }
    }

    [Fact]
    public async Task A_connection_that_stays_silent_is_replaced()
    {
        await using var other = await Instance.StartAsync(_redis.Connection);
        await using var way = new Forwarder(_redis.Port);
        await using var one = await Instance.StartAsync(way.Address);

        // As if the machine were gone, and another one had its address.
        way.Swallow();
        one.Put("k", "v");

        // The library alone takes a minute.
        await Eventually.TrueAsync(
            () => other.Receiver.Values("k") is ["v", ..], () => $"Nothing came; {one.Records.Waiting} wait", TimeSpan.FromSeconds(20));
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Contains("it does not answer", Assert.Single(one.Warnings), StringComparison.Ordinal);
        other.Put("back", "w");
        await one.Receiver.HasAsync("back", "w");
    }

    [Fact]
    public async Task When_too_much_waits_the_rest_is_refused()
    {
        await _redis.KillAsync();
        await using var one = new Instance(_redis.Connection, static o => (o.MaxWaiting, o.MaxWaitingBytes) = (3, 100));
        one.Records.Start(one.Receiver);
        Assert.True(one.TryPut("a", "1"));
        Assert.True(one.TryPut("b", "2"));
        Assert.True(one.TryPut("c", "3"));
        Assert.False(one.TryPut("d", "4"));
        Assert.True(one.TryPut("a", "5"));
        Assert.False(one.TryPut("a", new string('x', 100)));
        Assert.Equal(3, one.Records.Waiting);

        await _redis.StartAgainAsync();
        await one.WrittenAsync();
        Assert.True(one.TryPut("d", "4"));
        await one.WrittenAsync();

        await using var late = await Instance.StartAsync(_redis.Connection);
        Assert.Equal(["b2", "c3", "a5", "d4"], late.Receiver.Records.Select(static r => r.Key + Receiver.Text(r)));
    }

    [Fact]
    public async Task A_full_Redis_is_said_once_and_what_waits_is_put_when_it_has_room()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await using var other = await Instance.StartAsync(_redis.Connection);
        await _redis.SayAsync("CONFIG", "SET", "maxmemory", "1mb");
        for (var i = 0; i < 100; i++)
        {
            one.Put($"k{i}", "v");
        }

        await one.LoggedAsync(LogLevel.Warning, "OOM");
        await ErrorsAsync(3);
        Assert.Equal(100, one.Records.Waiting);
        Assert.True(one.Records.IsConnected);
        await _redis.SayAsync("CONFIG", "SET", "maxmemory", "0");

        await other.Receiver.HasAsync("k99", "v");
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
        Assert.Empty(other.Warnings);
    }

    [Fact]
    public async Task A_Redis_that_only_reads_is_said_once()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await _redis.SayAsync("REPLICAOF", "127.0.0.1", "1");
        one.Put("k", "v");
        await Eventually.TrueAsync(() => one.Warnings.Count == 1, static () => "Nothing was said.");
        Assert.Equal(1, one.Records.Waiting);

        await _redis.SayAsync("REPLICAOF", "NO", "ONE");
        await one.WrittenAsync();
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("version")]
    [InlineData("index")]
    [InlineData("ends")]
    public async Task Keys_of_another_type_are_said_once(string name)
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        one.Put("k", "v");
        await one.WrittenAsync();
        await _redis.SayAsync("DEL", $"pushproxy:{name}");
        await _redis.SayAsync("LPUSH", $"pushproxy:{name}", "x");
        one.Put("k", "w");
        await one.LoggedAsync(LogLevel.Warning, "WRONGTYPE");
        await ErrorsAsync(3);
        Assert.True(one.Records.IsConnected);

        await _redis.SayAsync("DEL", $"pushproxy:{name}");
        await one.WrittenAsync();
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
        await using var late = await Instance.StartAsync(_redis.Connection);
        Assert.Equal(["w"], late.Receiver.Values("k"));
    }

    [Fact]
    public async Task A_counter_that_is_no_number_is_said_once()
    {
        await using var one = await Instance.StartAsync(_redis.Connection);
        await _redis.SayAsync("SET", "pushproxy:version", "many");
        await one.LoggedAsync(LogLevel.Warning, "its counter is not a number");
        one.Put("k", "w");
        await ErrorsAsync(3);

        await _redis.SayAsync("DEL", "pushproxy:version");
        await one.WrittenAsync();
        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
    }

    [Fact]
    public async Task A_wrong_password_is_said_once_and_is_in_no_line()
    {
        await _redis.SayAsync("ACL", "SETUSER", "default", ">right-word", "resetpass", ">right-word");
        await using var one = new Instance(_redis.Connection + ",password=wrong-word");
        one.Records.Start(one.Receiver);
        one.Put("k", "v");

        await one.LoggedAsync(LogLevel.Warning, "can't be used");
        Assert.Contains("it refuses the user or the password", one.Warnings[0], StringComparison.Ordinal);
        await _redis.SayAsync("ACL", "SETUSER", "default", ">wrong-word");
        await one.WrittenAsync();

        await one.LoggedAsync(LogLevel.Information, "can be used again");
        Assert.Single(one.Warnings);
        Assert.DoesNotContain(one.Lines, static l => l.Text.Contains("wrong-word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:1", "Connection refused")]
    [InlineData("no-such-host.invalid:6379", "not known")]
    public async Task An_address_that_nobody_has_is_an_outage(string address, string part)
    {
        await using var one = new Instance(address);
        Assert.False(one.Records.IsConnected);
        one.Records.Start(one.Receiver);
        one.Put("k", "v");

        await one.LoggedAsync(LogLevel.Warning, part);
        Assert.False(one.Records.IsConnected);
        Assert.Equal(1, one.Records.Waiting);
        Assert.Empty(one.Receiver.CaughtUps);
    }

    // Redis counts what it has refused.
    private async Task ErrorsAsync(int atLeast)
    {
        var before = await CountAsync();
        await Eventually.TrueAsync(async () => await CountAsync() >= before + atLeast, () => $"Less than {before + atLeast} errors");

        async Task<int> CountAsync() => int.Parse(
            ((string)(await _redis.SayAsync("INFO", "stats"))!).Split('\n')
                .Single(static l => l.StartsWith("total_error_replies:", StringComparison.Ordinal)).Split(':')[1],
            CultureInfo.InvariantCulture);
    }
}
