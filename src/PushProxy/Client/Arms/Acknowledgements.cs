namespace PushProxy.Client.Arms;

/// <summary>
/// Finds out when clients have what was written to them. A server that has written a response knows no more than that its own system has
/// it; <c>TCP_INFO</c> tells what the client has acknowledged, but only who asks.
/// </summary>
internal sealed class Acknowledgements : IDisposable
{
    /// <summary>How many are waited for at once. Others are estimated.</summary>
    public const int MaxWaiting = 256;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(4);

    private readonly Lock _lock = new();
    private readonly List<Wait> _waiting = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public Acknowledgements(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tells a view when all that was written on a connection has reached the client.</summary>
    /// <param name="view">The view.</param>
    /// <param name="resource">What the view waits for.</param>
    /// <param name="connection">The connection.</param>
    public void Await(ViewTiming view, int resource, ClientConnection connection)
    {
        var now = _time.GetTimestamp();
        var bytes = connection.SentBytes;
        var estimate = now + Ticks(connection.Link.RoundTrip / 2);
        if (bytes is not { } sent || sent.Acknowledged >= sent.Written)
        {
            view.Arrived(resource, bytes is null ? estimate : now, bytes?.Written ?? -1);
            return;
        }

        lock (_lock)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Add(new(view, resource, connection, sent.Written, estimate));
                if (_waiting.Count == 1)
                {
                    _timer.Change(s_pause, s_pause);
                }

                return;
            }
        }

        view.Arrived(resource, estimate, sent.Written);
    }

    public void Dispose() => _timer.Dispose();

    // Waits of one connection are asked for together.
    private void Look()
    {
        List<(Wait Wait, long At)>? arrived = null;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            ClientConnection? last = null;
            long? acknowledged = null;
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                var wait = _waiting[i];
                if (!ReferenceEquals(wait.Connection, last))
                {
                    (last, acknowledged) = (wait.Connection, wait.Connection.SentBytes?.Acknowledged);
                }

                // A connection that is closed says nothing any more.
                if (acknowledged is null || acknowledged >= wait.Written)
                {
                    (arrived ??= []).Add((wait, acknowledged is null ? Math.Min(now, wait.Estimate) : now));
                    _waiting.RemoveAt(i);
                }
            }

            if (_waiting.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var (wait, at) in arrived ?? [])
        {
            wait.View.Arrived(wait.Resource, at, wait.Written);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private readonly record struct Wait(ViewTiming View, int Resource, ClientConnection Connection, long Written, long Estimate);
}
