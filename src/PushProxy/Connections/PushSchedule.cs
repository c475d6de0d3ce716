using System.Net.Sockets;

namespace PushProxy.Connections;

/// <summary>
/// Lets the bodies of one connection's pushed responses out piece by piece, the most important first, and only as fast as they
/// leave the machine: what waits unsent in the socket is what the page's own first byte would have to wait for.
/// </summary>
/// <remarks>Where the socket tells nothing of TCP there is no pacing: the transport's own back pressure remains.</remarks>
internal sealed class PushSchedule(Socket? socket, PacingLoad load, TimeProvider time)
{
    /// <summary>The least and the most that may wait unsent, in bytes: two frames at the least, or a fast path would run dry.</summary>
    private const int MinQueue = 8 * 1024, MaxQueue = 64 * 1024;

    /// <summary>Bytes handed over this long ago have reached the socket, or wait for the client's flow-control window.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Turn, PushOrder> _waiting = new();
    private int _handedOver;
    private long _handedOverAt;
    private bool _pumping;

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
            var allowance = Allowance(out _);
            if (_waiting.Count == 0 && allowance > 0)
            {
                return new ValueTask<int>(Grant(Math.Min(wanted, allowance)));
            }

            turn = new Turn(wanted, cancellation);
            _waiting.Enqueue(turn, order);
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
            _handedOver = Math.Max(0, _handedOver - bytes);
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
                var allowance = Allowance(out pause);
                while (allowance > 0 && _waiting.TryDequeue(out var turn, out _))
                {
                    var bytes = Math.Min(turn.Wanted, allowance);
                    if (turn.TryGrant(bytes))
                    {
                        allowance -= Grant(bytes);
                    }
                }

                if (_waiting.Count == 0)
                {
                    _pumping = false;
                    return;
                }
            }

            await Task.Delay(load.AtLeast(pause), time).ConfigureAwait(false);
        }
    }

    // What may be written so that the window is full and a few milliseconds of it wait behind: less, and the path runs dry
    // before the next look; more, and the page would wait for it.
    private int Allowance(out TimeSpan pause)
    {
        if (!TcpInfo.TryRead(socket, out var link))
        {
            pause = TimeSpan.FromMilliseconds(1);
            return int.MaxValue;
        }

        pause = TimeSpan.FromMilliseconds(Math.Clamp(link.RoundTrip.TotalMilliseconds / 32, 1, 8));
        if (_handedOver > 0 && time.GetElapsedTime(_handedOverAt) > HandOver)
        {
            _handedOver = 0;
        }

        var queue = Math.Clamp((int)Math.Min(MaxQueue, link.BytesPerMillisecond * (pause.TotalMilliseconds + 1)), MinQueue, MaxQueue);
        return (int)Math.Clamp((long)link.Window - link.InFlight - link.Unsent - _handedOver + queue, int.MinValue, int.MaxValue);
    }

    private int Grant(int bytes)
    {
        _handedOver += bytes;
        _handedOverAt = time.GetTimestamp();
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
