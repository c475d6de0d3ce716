using System.Threading.Channels;
using PushProxy.Redis.Connections;
using PushProxy.Redis.Diagnostics;
using PushProxy.Redis.Places;
using StackExchange.Redis;

namespace PushProxy.Redis.Exchange;

/// <summary>
/// Puts what waits, in batches and in order. A batch is under way at a time, so of two records of one key the later one wins. What was not
/// put is tried again, until it was.
/// </summary>
internal sealed class RecordWriter(
    RedisConnection connection, Place place, PlaceHistory history, WaitingRecords waiting, Outage outage, RedisMetrics metrics)
    : IDisposable
{
    /// <summary>How much is under way at once.</summary>
    private const int BatchSize = 64, BatchBytes = 1024 * 1024;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Signal _wake = new();
    private readonly Channel<SharedRecord> _stayed = Channel.CreateUnbounded<SharedRecord>();

    /// <summary>Of what keeps the first: the records that stay.</summary>
    public ChannelReader<SharedRecord> Stayed => _stayed.Reader;

    /// <summary>There is something in <see cref="Stayed"/>.</summary>
    public event Action? Stays;

    /// <summary>Redis has another identity than the known one.</summary>
    public event Action? FoundOtherPlace;

    /// <summary>Something waits, or Redis may be back.</summary>
    public void Wake() => _wake.Set();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (connection.Database is { } database && waiting.Take(BatchSize, BatchBytes) is { Count: > 0 } batch
                && await WriteAsync(database, batch, cancellation))
            {
                continue;
            }

            await _wake.WaitAsync(RetryEvery, cancellation);
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task<bool> WriteAsync(IDatabase database, List<SharedRecord> batch, CancellationToken cancellation)
    {
        var puts = batch.ConvertAll(record => place.PutAsync(database, record));
        var failed = new List<SharedRecord>();
        Exception? error = null;
        for (var i = 0; i < puts.Count; i++)
        {
            try
            {
                Done(batch[i], await puts[i]);
            }
            catch (Exception e)
            {
                error ??= e;
                failed.Add(batch[i]);
                metrics.Error();
            }
        }

        waiting.GiveBack(failed);
        if (error is null)
        {
            outage.Succeeded(Direction.Writing);
        }
        else if (!cancellation.IsCancellationRequested)
        {
            outage.Failed(Direction.Writing, error, connection.LastFailure);
        }

        return error is null;
    }

    private void Done(SharedRecord record, PutResult result)
    {
        // That it is an own one is known before it is no longer being put: so nobody takes it for another's.
        var isKnown = result.First is not null || history.Put(result.Identity, result.Version);
        waiting.Done(record);
        if (result.First is null)
        {
            metrics.Put(record.Value.Length);
        }

        // Who proposes is told what holds, be it the own proposal.
        if (record.KeepsFirst)
        {
            _stayed.Writer.TryWrite(result.First ?? record);
            Stays?.Invoke();
        }

        if (!isKnown)
        {
            FoundOtherPlace?.Invoke();
        }
    }
}
