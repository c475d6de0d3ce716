namespace PushProxy.Client.Arms;

/// <summary>
/// Finds out when clients have what was written to them. A server that has written a response knows no more than that its own system has
/// it; <c>TCP_INFO</c> tells what the client has acknowledged, but only who asks.
/// </summary>
internal sealed class Acknowledgements : IDisposable
{
    /// <summary>How many are waited for at once. Others are estimated.</summary>
    public const int MaxWaiting = 256;

    /// <summary>How exactly a time is found: it is asked for again after this part of the time that it has already taken.</summary>
    private const int Part = 16;

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
    /// <param name="view">The view. Once it has ended, nothing is waited for.</param>
    /// <param name="what">What the view waits for.</param>
    /// <param name="connection">The connection.</param>
    public void Await(ViewTiming view, int what, ClientConnection connection)
    {
        var now = _time.GetTimestamp();

        // The client's answer takes as long back as it would take to be seen.
        var estimate = now + Ticks(connection.Link.RoundTrip);
        if (connection.SentBytes is not { } sent)
        {
            view.Arrived(what, estimate);
            return;
        }

        if (sent.Acknowledged >= sent.Written)
        {
            view.Arrived(what, now, sent.Written);
            return;
        }

        lock (_lock)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Add(new(view, what, connection, sent.Written, now, estimate) { LookAt = now + Ticks(s_pause) });
                if (_waiting.Count == 1)
                {
                    _timer.Change(s_pause, s_pause);
                }

                return;
            }
        }

        view.Arrived(what, estimate, sent.Written);
    }

    public void Dispose() => _timer.Dispose();

    // The longer one has waited, the seldomer it is looked at: a client that has gone silent is asked about for as long as its view lasts.
    private void Look()
    {
        List<(Wait Wait, long At)>? arrived = null;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                var wait = _waiting[i];
                if (wait.View.HasEnded)
                {
                    _waiting.RemoveAt(i);
                    continue;
                }

                if (wait.LookAt > now)
                {
                    continue;
                }

                // A connection that is closed says nothing any more.
                var acknowledged = wait.Connection.SentBytes?.Acknowledged;
                if (acknowledged < wait.Written)
                {
                    wait.LookAt = now + Math.Max(Ticks(s_pause), (now - wait.Since) / Part);
                    continue;
                }

                (arrived ??= []).Add((wait, acknowledged is null ? Math.Min(now, wait.Estimate) : now));
                _waiting.RemoveAt(i);
            }

            if (_waiting.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        // Outside the lock, because the view may end.
        foreach (var (wait, at) in arrived ?? [])
        {
            wait.View.Arrived(wait.What, at, wait.Written);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private sealed record Wait(ViewTiming View, int What, ClientConnection Connection, long Written, long Since, long Estimate)
    {
        public long LookAt { get; set; }
    }
}
