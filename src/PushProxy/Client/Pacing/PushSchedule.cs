using PushProxy.Model;

namespace PushProxy.Client.Pacing;

/// <summary>
/// Lets the bodies of one connection's pushed responses out piece by piece, the most important first, and only as fast as they
/// leave the machine: what waits unsent in the socket is what the page's own first byte would have to wait for. Once no page is
/// awaited any more, what blocks rendering is not held back, or it would come after what the page asks for later; and once that
/// is done, nothing is.
/// </summary>
/// <param name="link">
/// The path to the client now; null where TCP tells nothing. There is no pacing then: the transport's own back pressure remains.
/// </param>
/// <param name="load">What all connections together spend on looking at their sockets.</param>
/// <param name="time">The clock.</param>
internal sealed class PushSchedule(Func<LinkState?> link, PacingLoad load, TimeProvider time)
{
    /// <summary>The least and the most that may wait unsent, in bytes: a few segments at the least, or a path would run dry.</summary>
    private const int MinQueue = 4 * 1024, MaxQueue = 64 * 1024;

    /// <summary>What takes longer to be handed over waits for the client's flow-control window, and is in nobody's way.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromMilliseconds(50);

    /// <summary>The most that goes before the rest of a page, in bytes.</summary>
    private const int MaxYield = 256 * 1024;

    /// <summary>The longest that the rest of a page waits for it.</summary>
    private static readonly TimeSpan YieldPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The share of a round trip before a page is due in which room is kept for it: what was sent before that is acknowledged as it comes.
    /// </summary>
    private const double SoonShare = 2.0 / 3;

    /// <summary>After this time what was handed over has been encrypted and is in the socket, where TCP counts it.</summary>
    private static readonly TimeSpan ToSocket = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Turn, PushOrder> _waiting = new();
    private readonly List<AwaitedPage> _pages = [];
    private int _granted;
    private int _written;
    private long _grantedAt;
    private bool _pumping;
    private int _blocking;
    private int _blockingWaiting;
    private TaskCompletionSource? _yield;
    private int _yielded;

    /// <summary>A page is awaited that must not be held up, until its <see cref="AwaitedPage.Ended"/>.</summary>
    /// <param name="forecast">When it is expected, and how long it is.</param>
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

    /// <summary>A body that others wait for is on its way; every call is followed by one of <see cref="Ended"/>.</summary>
    public void Begun(PushOrder order)
    {
        lock (_lock)
        {
            _blocking += order.IsBlocking ? 1 : 0;
        }
    }

    /// <summary>It has ended.</summary>
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

    /// <summary>
    /// The beginning of a page has been written: what its display waits for, as far as it is there, goes before the rest.
    /// </summary>
    /// <returns>
    /// Ends when none of that waits any more, and after <see cref="MaxYield"/> or <see cref="YieldPatience"/> at the latest.
    /// </returns>
    public ValueTask YieldAsync()
    {
        lock (_lock)
        {
            if (_blockingWaiting == 0)
            {
                return default;
            }

            _yielded = 0;
            _yield ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return WaitAsync(_yield.Task);
        }
    }

    private async ValueTask WaitAsync(Task yield) =>
        await yield.WaitAsync(YieldPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits until a piece may be written.</summary>
    /// <param name="order">Its rank among all that waits on this connection.</param>
    /// <param name="wanted">Bytes there are; at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many bytes may be written now; at least 1.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<int> NextAsync(PushOrder order, int wanted, CancellationToken cancellation)
    {
        Turn turn;
        lock (_lock)
        {
            if (_waiting.Count == 0 && Allowance(order, out _) is > 0 and var allowance)
            {
                return new ValueTask<int>(Grant(Math.Min(wanted, allowance)));
            }

            turn = new Turn(wanted, cancellation);
            _waiting.Enqueue(turn, order);
            _blockingWaiting += order.IsBlocking ? 1 : 0;
            if (!_pumping)
            {
                _pumping = true;
                _ = PumpAsync();
            }
        }

        return new ValueTask<int>(turn.Task);
    }

    /// <summary>A piece has been handed to the transport.</summary>
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
                if (_waiting.Count == 0 && _yield is null)
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
        while (_waiting.TryPeek(out var turn, out var order))
        {
            var allowance = turn.Task.IsCompleted ? 0 : Allowance(order, out pause);
            if (!turn.Task.IsCompleted && allowance <= 0)
            {
                return;
            }

            // One that is completed already was cancelled.
            _waiting.Dequeue();
            var granted = turn.TryGrant(Math.Min(turn.Wanted, allowance)) ? Grant(Math.Min(turn.Wanted, allowance)) : 0;
            if (order.IsBlocking)
            {
                _blockingWaiting--;
                _yielded += granted;
            }
        }
    }

    // Looked at between two grants: a body that was granted a part asks for the next at once.
    private void EndYield()
    {
        if (_yield is { } yield && (_blockingWaiting == 0 || _yielded >= MaxYield))
        {
            _yield = null;
            yield.TrySetResult();
        }
    }

    // What may be written so that the window is full and a few milliseconds of it wait behind: less, and the path runs dry
    // before the next look; more, and the page would wait for it.
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
        return (int)Math.Clamp(
            (long)now.Window - now.InFlight - now.Unsent - _granted - _written + queue - Reserved(now, queue), int.MinValue, int.MaxValue);
    }

    // What is sent now is acknowledged after a round trip. A page that comes sooner finds the window as full as it is left.
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

    /// <summary>One piece that waits.</summary>
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
