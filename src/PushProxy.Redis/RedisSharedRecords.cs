using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using PushProxy.Redis.Connections;
using PushProxy.Redis.Diagnostics;
using PushProxy.Redis.Exchange;
using PushProxy.Redis.Places;

namespace PushProxy.Redis;

/// <summary>
/// Shares records by way of Redis. One loop reads and one writes, from <see cref="Start"/> on, whatever Redis does. Nobody else waits for
/// it: what is put waits here, within limits.
/// </summary>
internal sealed class RedisSharedRecords : ISharedRecords, IAsyncDisposable, IDisposable
{
    /// <summary>How long the end waits for what is to be put, and then for the connection to close.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly WaitingRecords _waiting;
    private readonly Outage _outage;
    private readonly RedisConnection _connection;
    private readonly RecordWriter _writer;
    private readonly RecordReader _reader;
    private Task? _loops;
    private int _isStarted;
    private int _isEnded;

    /// <param name="connectionString">What StackExchange.Redis takes.</param>
    /// <param name="options">The limits.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="logger">Is told when Redis can't be used, and when it can be again.</param>
    /// <exception cref="ArgumentException">The connection string can't be used.</exception>
    public RedisSharedRecords(
        string connectionString, SharedRedisOptions options, IMeterFactory meters, ILogger<RedisSharedRecords> logger)
    {
        var connection = ConnectionText.Parse(connectionString);
        var place = new Place(options.Prefix, (string?)connection.ChannelPrefix ?? "", options.MaxRecords);
        var history = new PlaceHistory();
        string?[] passwords = [connection.Password, connection.SentinelPassword];
        _waiting = new WaitingRecords(options.MaxWaiting, options.MaxWaitingBytes);
        _outage = new Outage(
            string.Join(", ", connection.EndPoints.Select(ConnectionText.Name)),
            [.. passwords.OfType<string>().Where(static p => p.Length > 0)],
            logger);
        _connection = new RedisConnection(connection, place.Channel, _outage);
        var metrics = new RedisMetrics(meters, () => IsConnected, () => _waiting.Total);
        _writer = new RecordWriter(_connection, place, history, _waiting, _outage, metrics);
        _reader = new RecordReader(_connection, place, history, _waiting, _writer, _outage, metrics, options.LookEvery, logger);
    }

    /// <inheritdoc/>
    public bool IsConnected => _outage.IsAnswering;

    /// <inheritdoc/>
    public int Waiting => _waiting.Total.Count;

    /// <exception cref="ArgumentException">The connection string can't be used; the message says why, without passwords.</exception>
    public static void CheckConnection(string connectionString) => ConnectionText.Parse(connectionString);

    /// <inheritdoc/>
    public void Start(ISharedRecordReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new InvalidOperationException("It is started once.");
        }

        // On other threads: a client library may do much before it waits for the first time.
        _loops = Task.WhenAll(Task.Run(() => _reader.RunAsync(receiver, _end.Token)), Task.Run(() => _writer.RunAsync(_end.Token)));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The record has a key, value or lifetime that none can have.</exception>
    public bool TryPut(SharedRecord record)
    {
        RecordLimits.Check(record);
        if (Volatile.Read(ref _isEnded) != 0 || !_waiting.TryAdd(record))
        {
            return false;
        }

        _writer.Wake();
        return true;
    }

    /// <summary>Puts what waits, if it takes no longer than a second, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
        {
            return;
        }

        for (var until = Environment.TickCount64 + (long)EndLimit.TotalMilliseconds;
            _loops is not null && IsConnected && Waiting > 0 && Environment.TickCount64 < until;)
        {
            await Task.Delay(Look);
        }

        await _end.CancelAsync();
        try
        {
            // What the loops wait for fails when the connection is closed.
            await _connection.DisposeAsync().AsTask().WaitAsync(EndLimit);
            await (_loops ?? Task.CompletedTask).WaitAsync(EndLimit);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // The loops have ended, or end as soon as the library lets them.
        }
    }

    /// <summary>The same, for a container that can't wait otherwise: it takes up to three seconds.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
