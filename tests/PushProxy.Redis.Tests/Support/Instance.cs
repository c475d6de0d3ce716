using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Redis.Tests.Support;

/// <summary>One of several instances that share records.</summary>
internal sealed class Instance : IAsyncDisposable, ILogger<RedisSharedRecords>
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> _log = new();

    public Instance(string connection, Action<SharedRedisOptions>? configure = null)
    {
        var options = new SharedRedisOptions();
        configure?.Invoke(options);
        Meters = _services.GetRequiredService<IMeterFactory>();
        Records = new RedisSharedRecords(connection, options, Meters, this);
    }

    public RedisSharedRecords Records { get; }

    public Receiver Receiver { get; } = new();

    public IMeterFactory Meters { get; }

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Lines => [.. _log];

    public IReadOnlyList<string> Warnings => [.. _log.Where(static l => l.Level >= LogLevel.Warning).Select(static l => l.Text)];

    /// <summary>Starts one, and waits until it has caught up.</summary>
    public static async Task<Instance> StartAsync(string connection, Action<SharedRedisOptions>? configure = null)
    {
        var instance = new Instance(connection, configure);
        instance.Records.Start(instance.Receiver);
        await instance.CaughtUpAsync(1);
        return instance;
    }

    /// <summary>Waits until all was received so many times.</summary>
    public Task CaughtUpAsync(int times) => Eventually.TrueAsync(
        () => Receiver.CaughtUps.Count >= times, () => $"Caught up {Receiver.CaughtUps.Count} times; log: {string.Join('\n', _log)}");

    /// <summary>Waits until it is connected, or not.</summary>
    public Task ConnectedAsync(bool isConnected) => Eventually.TrueAsync(
        () => Records.IsConnected == isConnected, () => $"Connected: {Records.IsConnected}; log: {string.Join('\n', _log)}");

    /// <summary>Waits until nothing waits.</summary>
    public Task WrittenAsync() => Eventually.TrueAsync(
        () => Records.Waiting == 0, () => $"{Records.Waiting} wait; log: {string.Join('\n', _log)}");

    /// <summary>Waits for a line of the log.</summary>
    public Task LoggedAsync(LogLevel level, string part) => Eventually.TrueAsync(
        () => _log.Any(l => l.Level == level && l.Text.Contains(part, StringComparison.Ordinal)),
        () => $"Nobody said '{part}'; log: {string.Join('\n', _log)}");

    public bool TryPut(string key, string value, TimeSpan? lifetime = null, bool keepsFirst = false) => Records.TryPut(
        new SharedRecord(key, Encoding.Latin1.GetBytes(value), lifetime ?? TimeSpan.FromMinutes(10)) { KeepsFirst = keepsFirst });

    public void Put(string key, string value, TimeSpan? lifetime = null, bool keepsFirst = false) =>
        Assert.True(TryPut(key, value, lifetime, keepsFirst));

    public async ValueTask DisposeAsync()
    {
        await Records.DisposeAsync();
        await _services.DisposeAsync();
        Assert.False(Receiver.WasCalledTwiceAtOnce);
        Assert.All(_log, static l => Assert.True(l.Exception is null && !l.Text.Contains('\n', StringComparison.Ordinal), l.Text));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue((logLevel, formatter(state, exception), exception));
}
