using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>
/// How long the origin is asked: while somebody can use its answer, a client that waits, or the store. The client of the request may have
/// gone long before. For the store alone, it is not asked for ever.
/// </summary>
internal sealed class OriginLifetime : IHttpRequestLifetimeFeature, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly IHttpRequestLifetimeFeature _client;
    private readonly Flight _flight;
    private readonly Func<Verdict?> _decided;
    private readonly Func<bool> _breaks;
    private readonly TimeProvider _time;
    private readonly TimeSpan _unreadTimeout;
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _lock = new();
    private ITimer? _unread;
    private bool _isOver;

    /// <param name="client">The client's own.</param>
    /// <param name="flight">Those who wait for the answer, too.</param>
    /// <param name="decided">Returns what the head means; null until it has come.</param>
    /// <param name="breaks">Called when what answers breaks off. Returns whether the client notices.</param>
    /// <param name="time">The clock.</param>
    /// <param name="unreadTimeout"><see cref="HttpCacheOptions.UnreadTimeout"/>.</param>
    public OriginLifetime(
        IHttpRequestLifetimeFeature client, Flight flight, Func<Verdict?> decided, Func<bool> breaks, TimeProvider time,
        TimeSpan unreadTimeout)
    {
        (_client, _flight, _decided, _breaks, _time, _unreadTimeout) = (client, flight, decided, breaks, time, unreadTimeout);
        _registration = client.RequestAborted.UnsafeRegister(static self => ((OriginLifetime)self!).EndIfUnwanted(), this);
    }

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set => _client.RequestAborted = value;
    }

    public void Abort()
    {
        if (_breaks())
        {
            _client.Abort();
        }
    }

    /// <summary>
    /// Ends the request if nobody waits for it any more. A body that is to be stored may go on for a while: an origin that sends a byte now
    /// and then would keep the request for ever.
    /// </summary>
    public void EndIfUnwanted()
    {
        if (IsAwaited())
        {
            return;
        }

        if (_decided() is not { Kind: VerdictKind.Share })
        {
            Cancel();
            return;
        }

        lock (_lock)
        {
            if (!_isOver)
            {
                // Whoever leaves last sets it anew.
                _unread ??= _time.CreateTimer(
                    static self => ((OriginLifetime)self!).EndIfUnread(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _unread.Change(_unreadTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Ends the request in a moment. Who needs its body no more waits no longer, but a short one that comes at once leaves the connection
    /// to the origin whole.
    /// </summary>
    public void CancelSoon()
    {
        try
        {
            _aborted.CancelAfter(Moment);
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Ends the request.</summary>
    public void Cancel()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _unread?.Dispose();
        }

        _registration.Dispose();
        _aborted.Dispose();
    }

    // A client that has the response waits for its end, but does not need it.
    private bool IsAwaited() => _flight.Waiting > 0
        || !(_client.RequestAborted.IsCancellationRequested || _decided() is { Kind: VerdictKind.Share, LeaderHasIt: true });

    private void EndIfUnread()
    {
        // Somebody may have come meanwhile.
        if (!IsAwaited() && _decided()!.Body!.TryAbandon())
        {
            Cancel();
        }
    }
}
