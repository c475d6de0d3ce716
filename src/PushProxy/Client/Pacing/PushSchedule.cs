using PushProxy.Model;

namespace PushProxy.Client.Pacing;

/// <summary>
/// Sends the bodies of one connection's pushed responses piece by piece, the most important first, and only as fast as they leave the
/// machine. The page's first byte would have to wait for any bytes unsent in the socket. When no page is awaited any more, render-blocking
/// resources are not held back, or they would come after what the page requests later. When those are done, nothing is held back.
/// </summary>
/// <param name="link">
/// Returns the path to the client now; null if TCP tells nothing. Then there is no pacing, and only the transport's own back pressure
/// applies.
/// </param>
/// <param name="load">Limits the processor time that all connections together spend on checking their sockets.</param>
/// <param name="time">The clock.</param>
internal sealed class PushSchedule(Func<LinkState?> link, PacingLoad load, TimeProvider time)
{
    /// <summary>The minimum and the maximum of bytes that may wait unsent. A path would run dry with less than a few segments.</summary>
    private const int MinQueue = 4 * 1024, MaxQueue = 64 * 1024;

    /// <summary>A piece that takes longer to hand over waits for the client's flow-control window, and delays nobody.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromMilliseconds(50);

    /// <summary>The maximum of bytes that go before the rest of a page.</summary>
    private const int MaxYield = 256 * 1024;

    /// <summary>The longest time that the rest of a page waits for them.</summary>
    private static readonly TimeSpan YieldPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The part of a round trip before a page is due in which room is kept for it. What was sent earlier is acknowledged by the time the
    /// page comes.
    /// </summary>
    private const double SoonShare = 2.0 / 3;

    /// <summary>The time after which bytes handed over are encrypted and in the socket, where TCP counts them.</summary>
    private static readonly TimeSpan ToSocket = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Turn, PushOrder> _blockingWaiting = new();
    private readonly PriorityQueue<Turn, PushOrder> _othersWaiting = new();
    private readonly List<AwaitedPage> _pages = [];
    private int _granted;
    private int _written;
    private long _grantedAt;
    private bool _pumping;
    private int _blocking;
    private TaskCompletionSource? _yield;
    private int _yielded;
    private int _rests;
    private long _restsSince;

    // The rest of a page waits or is being written.
    private bool HoldsForRest => _rests > 0 && time.GetElapsedTime(_restsSince) < YieldPatience;

    /// <summary>Notes a page that must not be delayed, until its <see cref="AwaitedPage.Ended"/>.</summary>
    /// <param name="forecast">When the page is expected, and how long it is.</param>
    public AwaitedPage PageBegun(PageForecast forecast = default)
    {
        var due = forecast.ThinkTime is { } think
            ? time.GetTimestamp() + (long)(think.TotalSeconds * time.TimestampFrequency) : (long?)null;
        var page = new AwaitedPage(this, due, (int)Math.Min(forecast.Bytes ?? AwaitedPage.MaxBeginning, AwaitedPage.MaxBeginning));
        lock (_lock)
        {
            _pages.Add(page);
        }

        return page;
    }

    /// <summary>See <see cref="AwaitedPage.Ended"/>.</summary>
    internal void PageEnded(AwaitedPage page)
    {
        lock (_lock)
        {
            if (_pages.Remove(page) && _pages.Count == 0)
            {
                GrantWaiting(out _);
            }
        }
    }

    /// <summary>Notes that a body is on its way. Every call must be followed by one of <see cref="Ended"/>.</summary>
    public void Begun(PushOrder order)
    {
        lock (_lock)
        {
            _blocking += order.IsBlocking ? 1 : 0;
        }
    }

    /// <summary>Notes that the body has ended.</summary>
    public void Ended(PushOrder order)
    {
        lock (_lock)
        {
            if (order.IsBlocking && --_blocking == 0)
            {
                GrantWaiting(out _);
            }
        }
    }

    /// <summary>Lets render-blocking resources that are ready go before the rest of a page, after its beginning has been written.</summary>
    /// <returns>
    /// A task that completes when none of them waits any more, and after <see cref="MaxYield"/> or <see cref="YieldPatience"/> at the
    /// latest. The call must be followed by one of <see cref="RestWritten"/>. What does not block waits until then.
    /// </returns>
    public ValueTask YieldAsync()
    {
        lock (_lock)
        {
            _rests++;
            _restsSince = time.GetTimestamp();
            if (_blockingWaiting.Count == 0)
            {
                return default;
            }

            _yielded = 0;
            _yield ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return WaitAsync(_yield.Task);
        }
    }

    /// <summary>Notes that the rest of a page has been written.</summary>
    public void RestWritten()
    {
        lock (_lock)
        {
            _rests--;
        }
    }

    private async ValueTask WaitAsync(Task yield) =>
        await yield.WaitAsync(YieldPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits until a piece may be written.</summary>
    /// <param name="order">The rank of the piece among all that wait on this connection.</param>
    /// <param name="wanted">The number of bytes that are ready; at least 1.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The number of bytes that may be written now; at least 1.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask<int> NextAsync(PushOrder order, int wanted, CancellationToken cancellation)
    {
        Turn turn;
        lock (_lock)
        {
            if (_blockingWaiting.Count == 0 && MayGo(order) && Allowance(order, out _) is > 0 and var allowance)
            {
                return new ValueTask<int>(Grant(Math.Min(wanted, allowance)));
            }

            turn = new Turn(wanted, cancellation);
            (order.IsBlocking ? _blockingWaiting : _othersWaiting).Enqueue(turn, order);
            if (!_pumping)
            {
                _pumping = true;
                _ = PumpAsync();
            }
        }

        return new ValueTask<int>(turn.Task);
    }

    /// <summary>Notes that a piece was handed to the transport.</summary>
    public void Written(int bytes)
    {
        lock (_lock)
        {
            _granted = Math.Max(0, _granted - bytes);
            _written += bytes;
        }
    }

    private async Task PumpAsync()
    {
        using var counted = load.Enter();
        while (true)
        {
            TimeSpan pause;
            lock (_lock)
            {
                EndYield();
                GrantWaiting(out pause);
                if (_blockingWaiting.Count + _othersWaiting.Count == 0 && _yield is null)
                {
                    _pumping = false;
                    return;
                }
            }

            await Task.Delay(load.AtLeast(pause), time).ConfigureAwait(false);
        }
    }

    private void GrantWaiting(out TimeSpan pause)
    {
        pause = TimeSpan.FromMilliseconds(1);
        while (NextTurns().TryPeek(out var turn, out var order))
        {
            var allowance = turn.Task.IsCompleted ? 0 : Allowance(order, out pause);
            if (!turn.Task.IsCompleted && allowance <= 0)
            {
                return;
            }

            // A turn that is already completed was cancelled.
            (order.IsBlocking ? _blockingWaiting : _othersWaiting).Dequeue();
            var granted = turn.TryGrant(Math.Min(turn.Wanted, allowance)) ? Grant(Math.Min(turn.Wanted, allowance)) : 0;
            if (order.IsBlocking)
            {
                _yielded += granted;
            }
        }
    }

    // Nothing overtakes what waits, but while the rest of a page is due, what does not block holds up nothing that does.
    private bool MayGo(PushOrder order) => HoldsForRest ? order.IsBlocking : _othersWaiting.Count == 0;

    private PriorityQueue<Turn, PushOrder> NextTurns() =>
        HoldsForRest || !_othersWaiting.TryPeek(out _, out var other)
            || (_blockingWaiting.TryPeek(out _, out var blocking) && blocking.CompareTo(other) <= 0)
            ? _blockingWaiting : _othersWaiting;

    // Checked between two grants, because a body that was granted a part requests the next part at once.
    private void EndYield()
    {
        if (_yield is { } yield && (_blockingWaiting.Count == 0 || _yielded >= MaxYield))
        {
            _yield = null;
            yield.TrySetResult();
        }
    }

    // Returns how many bytes fill the window and keep a few milliseconds of data waiting behind it. With less, the path runs dry before the
    // next check. With more, the page would wait.
    private int Allowance(PushOrder order, out TimeSpan pause)
    {
        if ((_pages.Count == 0 && (order.IsBlocking || _blocking == 0)) || link() is not { } now)
        {
            pause = TimeSpan.FromMilliseconds(1);
            return int.MaxValue;
        }

        pause = TimeSpan.FromMilliseconds(Math.Clamp(now.RoundTrip.TotalMilliseconds / 32, 1, 8));
        var since = time.GetElapsedTime(_grantedAt);
        _written = since > ToSocket ? 0 : _written;
        _granted = since > Blocked ? 0 : _granted;
        var queue = Math.Clamp((int)Math.Min(MaxQueue, now.BytesPerMillisecond * (pause.TotalMilliseconds + 1)), MinQueue, MaxQueue);
        // The page's beginning would wait in the path's queue behind what is not needed before it.
        var window = !order.IsBlocking && _pages.Exists(static p => !p.HasBegun) ? now.WindowWithoutQueue : now.Window;
        return (int)Math.Clamp(
            (long)window - now.InFlight - now.Unsent - _granted - _written + queue - Reserved(now, queue), int.MinValue, int.MaxValue);
    }

    // What is sent now is acknowledged one round trip later. A page that comes sooner gets only the room left in the window.
    private int Reserved(LinkState now, int queue)
    {
        var soon = time.GetTimestamp() + (long)(now.RoundTrip.TotalSeconds * SoonShare * time.TimestampFrequency);
        foreach (var page in _pages)
        {
            if (!page.HasBegun && page.Due is { } due && due < soon)
            {
                return page.Beginning + queue;
            }
        }

        return 0;
    }

    private int Grant(int bytes)
    {
        _granted += bytes;
        _grantedAt = time.GetTimestamp();
        return bytes;
    }

    /// <summary>A piece that waits.</summary>
    private sealed class Turn : TaskCompletionSource<int>
    {
        private readonly CancellationTokenRegistration _cancellation;

        public Turn(int wanted, CancellationToken cancellation)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Wanted = wanted;
            _cancellation = cancellation.UnsafeRegister(static (turn, token) => ((Turn)turn!).TrySetCanceled(token), this);
        }

        public int Wanted { get; }

        public bool TryGrant(int bytes)
        {
            _cancellation.Unregister();
            return TrySetResult(bytes);
        }
    }
}
