using StackExchange.Redis;

namespace PushProxy.Redis.Connections;

/// <summary>
/// The connection to Redis. The library connects again by itself, within seconds, but not if it never was connected: then another one is
/// made at the next attempt. One that stays silent is replaced, too: it may be to a machine that is gone, which no packet says.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions options, RedisChannel channel, Outage outage) : IAsyncDisposable
{
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(5);

    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile string? _lastFailure;
    private volatile bool _wasConnected;
    private long _madeAt;
    private bool _hasWarned;

    /// <summary>The connection was lost.</summary>
    public event Action? Lost;

    /// <summary>The connection is there again.</summary>
    public event Action? Restored;

    /// <summary>Something was announced.</summary>
    public event Action<RedisValue>? News;

    /// <summary>Why the connection was lost or not made, if that is known.</summary>
    public string? LastFailure => _lastFailure;

    /// <summary>Where to send commands; null if there is no connection now.</summary>
    public IDatabase? Database => _multiplexer is { IsConnected: true } connected ? connected.GetDatabase() : null;

    /// <summary>Makes a connection if there is none, or if it is silent. One at a time calls it.</summary>
    public async Task<IDatabase> OpenAsync(CancellationToken cancellation)
    {
        if (_multiplexer is { } current)
        {
            var age = TimeSpan.FromMilliseconds(Environment.TickCount64 - _madeAt);
            var silence = age < outage.Silence ? age : outage.Silence;
            if (silence < MaxSilence && (_wasConnected || current.IsConnected))
            {
                return current.GetDatabase();
            }

            _multiplexer = null;
            _ = CloseAsync(current);
        }

        var made = await ConnectionMultiplexer.ConnectAsync(options);
        if (cancellation.IsCancellationRequested)
        {
            await CloseAsync(made);
            cancellation.ThrowIfCancellationRequested();
        }

        made.ConnectionFailed += (_, e) =>
        {
            _lastFailure = Reasons.Of(e.FailureType, e.Exception) ?? _lastFailure;
            if (e.ConnectionType == ConnectionType.Interactive)
            {
                Lost?.Invoke();
            }
        };
        made.ConnectionRestored += (_, _) =>
        {
            _lastFailure = null;
            _wasConnected = true;
            Restored?.Invoke();
        };
        _madeAt = Environment.TickCount64;
        _wasConnected = made.IsConnected;
        _multiplexer = made;
        _ = SubscribeAsync(made);
        return made.GetDatabase();
    }

    /// <summary>Closes the connection. What is under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } current)
        {
            await CloseAsync(current);
        }
    }

    // The library subscribes again whenever it connects again.
    private async Task SubscribeAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.GetSubscriber().SubscribeAsync(channel, (_, message) => News?.Invoke(message));
        }
        catch (RedisServerException e)
        {
            // Such as a user who may not.
            if (!_hasWarned)
            {
                _hasWarned = true;
                outage.NoNews(e);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // It is gone, which reading says.
        }
    }

    private static async Task CloseAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            await multiplexer.DisposeAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // It is gone in any case.
        }
    }
}
