namespace PushProxy.Client.Pacing;

/// <summary>The path to one client as TCP sees it at a moment.</summary>
/// <param name="RoundTrip">Smoothed round-trip time.</param>
/// <param name="Window">Congestion window: bytes that may be under way unacknowledged.</param>
/// <param name="InFlight">Bytes under way, not yet acknowledged.</param>
/// <param name="Unsent">Bytes in the socket that have not been sent yet: whatever is written now waits behind them.</param>
internal readonly record struct LinkState(TimeSpan RoundTrip, int Window, int InFlight, int Unsent)
{
    /// <summary>
    /// What is assumed where TCP tells nothing (no Linux, a Unix socket): 50 ms, and the ten segments every connection
    /// may begin with (RFC 6928).
    /// </summary>
    public static LinkState Default { get; } = new(TimeSpan.FromMilliseconds(50), 10 * 1460, 0, 0);

    /// <summary>Bytes that leave in a millisecond while the window is full.</summary>
    public double BytesPerMillisecond => Window / Math.Max(RoundTrip.TotalMilliseconds, 0.05);

    /// <summary>
    /// The bytes that can reach the client's side within a time, from now on, as slow start lets them (RFC 5681 §3.1): one
    /// window at once, and twice as much after each round trip. Bounded, as the path's bandwidth is not known yet.
    /// </summary>
    public long Carries(TimeSpan time, long atMost)
    {
        if (time < TimeSpan.Zero)
        {
            return 0;
        }

        long sum = 0, window = Window;
        for (var at = TimeSpan.Zero; at <= time && sum < atMost; at += Max(RoundTrip, TimeSpan.FromMilliseconds(1)))
        {
            sum += window;
            window *= 2;
        }

        return Math.Clamp(sum - InFlight - Unsent, 0, atMost);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
