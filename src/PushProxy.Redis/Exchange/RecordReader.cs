using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PushProxy.Redis.Connections;
using PushProxy.Redis.Diagnostics;
using PushProxy.Redis.Places;
using StackExchange.Redis;

namespace PushProxy.Redis.Exchange;

/// <summary>
/// Receives what others have put. It is told so by a channel, which is fast and may lose messages, and looks now and then whether the
/// newest version is one that it has. All calls of the receiver come from this one loop.
/// </summary>
internal sealed partial class RecordReader : IDisposable
{
    /// <summary>How many announced records may wait. What is more comes by looking.</summary>
    private const int MaxNews = 4096;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Signal _wake = new();
    private readonly Channel<NewsMessage> _news = Channel.CreateBounded<NewsMessage>(
        new BoundedChannelOptions(MaxNews) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly RedisConnection _connection;
    private readonly Place _place;
    private readonly PlaceHistory _history;
    private readonly WaitingRecords _waiting;
    private readonly RecordWriter _writer;
    private readonly Outage _outage;
    private readonly RedisMetrics _metrics;
    private readonly TimeSpan _lookEvery;
    private readonly ILogger _logger;

    /// <summary>The place may be another one, or what was announced was missed: look at once.</summary>
    private volatile bool _mustLook = true;

    /// <summary>The connection was lost since all was read.</summary>
    private volatile bool _wasLost = true;
    private bool _isNew;

    public RecordReader(
        RedisConnection connection, Place place, PlaceHistory history, WaitingRecords waiting, RecordWriter writer, Outage outage,
        RedisMetrics metrics, TimeSpan lookEvery, ILogger logger)
    {
        (_connection, _place, _history, _waiting, _writer) = (connection, place, history, waiting, writer);
        (_outage, _metrics, _lookEvery, _logger) = (outage, metrics, lookEvery, logger);
        connection.News += OnNews;
        connection.Lost += OnLost;
        connection.Restored += OnRestored;
        writer.Stays += _wake.Set;
        writer.FoundOtherPlace += Look;
    }

    public async Task RunAsync(ISharedRecordReceiver receiver, CancellationToken cancellation)
    {
        var lookAt = Environment.TickCount64;
        while (!cancellation.IsCancellationRequested)
        {
            var pause = _lookEvery;
            try
            {
                if (_mustLook || Environment.TickCount64 >= lookAt)
                {
                    _mustLook = false;
                    await LookAsync(receiver, cancellation);
                    lookAt = Environment.TickCount64 + (long)_lookEvery.TotalMilliseconds;
                }

                HandOverStayed(receiver);
                await TakeNewsAsync(receiver, cancellation);
                _outage.Succeeded(Direction.Reading);
                pause = TimeSpan.FromMilliseconds(Math.Clamp(lookAt - Environment.TickCount64, 0, _lookEvery.TotalMilliseconds));
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                // The connection is being closed.
                return;
            }
            catch (Exception e)
            {
                _metrics.Error();
                _outage.Failed(Direction.Reading, e, _connection.LastFailure);
                _wasLost |= !Reasons.IsAnswer(e);
                lookAt = Environment.TickCount64 + (long)RetryEvery.TotalMilliseconds;
                pause = RetryEvery;
            }

            await _wake.WaitAsync(pause, cancellation);
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task LookAsync(ISharedRecordReceiver receiver, CancellationToken cancellation)
    {
        var database = await _connection.OpenAsync(cancellation);

        // What this instance puts from now on may be newer than what Redis is about to answer.
        var (known, seen) = (_history.Identity, _history.Seen);
        var (identity, version) = await _place.HeadAsync(database);
        identity ??= await _place.NameAsync(database);
        _outage.Answered();
        if (identity != known || version < seen)
        {
            _isNew |= known is not null || _place.IsOwn(identity);
            _wasLost = true;
            _history.Begin(identity);
        }

        // Set again if the connection is lost while this reads.
        var isToCatchUp = _wasLost;
        _wasLost = false;
        try
        {
            await ReadNewerAsync(database, version, receiver, cancellation);
        }
        catch
        {
            _wasLost |= isToCatchUp;
            throw;
        }

        if (isToCatchUp)
        {
            var isNew = _isNew;
            _isNew = false;
            Call(() => receiver.CaughtUp(isNew), "that all was received");
        }
    }

    private async Task ReadNewerAsync(IDatabase database, long upTo, ISharedRecordReceiver receiver, CancellationToken cancellation)
    {
        for (var after = _history.Seen; after < upTo;)
        {
            var entries = await _place.IndexAsync(database, after);
            if (entries.Count == 0)
            {
                break;
            }

            await ReadAsync(database, [.. entries.Where(e => !_history.Has(e.Version))], receiver, cancellation);
            after = entries[^1].Version;
        }

        // A version that the index does not have any more was replaced by a newer one, or is over.
        _history.AddAll(upTo);
    }

    private async Task TakeNewsAsync(ISharedRecordReceiver receiver, CancellationToken cancellation)
    {
        while (!_wasLost && _connection.Database is { } database && _news.Reader.TryPeek(out _))
        {
            var entries = new List<(string Key, long Version)>();
            while (entries.Count < Place.BatchSize && _news.Reader.TryRead(out var message))
            {
                if (message.Identity != _history.Identity)
                {
                    Look();
                }
                else if (!_history.Has(message.Version))
                {
                    entries.Add((message.Key, message.Version));
                }
            }

            await ReadAsync(database, entries, receiver, cancellation);
        }
    }

    private async Task ReadAsync(
        IDatabase database, List<(string Key, long Version)> entries, ISharedRecordReceiver receiver, CancellationToken cancellation)
    {
        var keys = entries.Select(static e => e.Key).Where(RecordLimits.IsKey).Distinct(StringComparer.Ordinal).ToList();
        while (keys.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var (looked, found) = await _place.ReadAsync(database, keys);
            foreach (var (record, version) in found)
            {
                // In this order: what is no longer being put is in the history.
                if (!_waiting.IsSending(record) && !_history.Has(version))
                {
                    HandOver(receiver, record);
                    _history.Add(version);
                }
            }

            keys.RemoveRange(0, looked);
        }

        // Those whose record is a newer one, or over, never come.
        entries.ForEach(e => _history.Add(e.Version));
    }

    private void HandOverStayed(ISharedRecordReceiver receiver)
    {
        while (_writer.Stayed.TryRead(out var record))
        {
            HandOver(receiver, record);
        }
    }

    private void HandOver(ISharedRecordReceiver receiver, SharedRecord record)
    {
        _metrics.Received(record.Value.Length);
        Call(() => receiver.Receive(record), record.Key);
    }

    // What a receiver can't take is not Redis' fault, and does not come again.
    private void Call(Action call, string what)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            _metrics.Error();
            LogFailed(e, what);
        }
    }

    private void OnNews(RedisValue text)
    {
        if (NewsMessage.Read(text) is { } message && message.Instance != _place.Instance)
        {
            _news.Writer.TryWrite(message);
            _wake.Set();
        }
    }

    private void OnLost()
    {
        _wasLost = true;
        Look();
    }

    private void OnRestored()
    {
        // Messages may have been missed.
        Look();
        _writer.Wake();
    }

    private void Look()
    {
        _mustLook = true;
        _wake.Set();
    }

    [LoggerMessage(1, LogLevel.Error, "Handing over '{What}' failed; it does not come again")]
    private partial void LogFailed(Exception exception, string what);
}
