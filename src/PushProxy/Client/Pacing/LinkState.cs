namespace PushProxy.Client.Pacing;

/// <summary>The state of the path to one client, as TCP sees it at one moment.</summary>
/// <param name="RoundTrip">The smoothed round-trip time.</param>
/// <param name="Window">The congestion window: how many bytes may be unacknowledged at the same time.</param>
/// <param name="InFlight">The bytes that were sent and are not acknowledged yet.</param>
/// <param name="Unsent">The bytes in the socket that have not been sent yet. Anything written now waits behind them.</param>
internal readonly record struct LinkState(TimeSpan RoundTrip, int Window, int InFlight, int Unsent)
{
    /// <summary>
    /// The state assumed if TCP tells nothing (no Linux, a Unix socket): a round trip of 50 ms, and the ten segments that every connection
    /// may begin with (RFC 6928).
    /// </summary>
    public static LinkState Default { get; } = new(TimeSpan.FromMilliseconds(50), 10 * 1460, 0, 0);

    /// <summary>
    /// The shortest round-trip time of late. The smoothed one is longer while bytes wait in a queue of the path. Zero if it is not known.
    /// </summary>
    public TimeSpan ShortestRoundTrip { get; init; }

    /// <summary>The bytes that the path itself holds. What is sent beyond them waits in a queue on the way.</summary>
    public int WindowWithoutQueue => ShortestRoundTrip <= TimeSpan.Zero || ShortestRoundTrip >= RoundTrip
        ? Window : (int)(Window * (ShortestRoundTrip / RoundTrip));

    /// <summary>The bytes that leave in a millisecond while the window is full.</summary>
    public double BytesPerMillisecond => Window / Math.Max(RoundTrip.TotalMilliseconds, 0.05);

    /// <summary>
    /// Returns how many bytes can reach the client within a time from now on. Slow start allows one window at once, and twice as much after
    /// each round trip (RFC 5681 §3.1). The result is at most <paramref name="atMost"/>, because the bandwidth of the path is not known
    /// yet.
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
