using PushProxy.Analysis;
using PushProxy.Client.Pacing;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// Limits what may be pushed with one page: by count, by bytes, and by what the path to the client can carry while it would be idle. The
/// path is idle from the request until the client's own requests can arrive, which takes the origin's think time and a round trip. What the
/// page itself takes is subtracted.
/// </summary>
internal sealed class PushBudget
{
    /// <summary>
    /// The size in bytes assumed for a resource whose answer was never seen, and for a page whose length was never stated.
    /// </summary>
    public const int UnknownSize = 24 * 1024;

    private readonly long _idle;
    private readonly int _maxBytes;
    private readonly int _maxCount;
    private readonly Lock _lock = new();
    private long _bytes;
    private int _count;

    /// <param name="policy">The limits for count and bytes.</param>
    /// <param name="link">The path to the client.</param>
    /// <param name="forecast">When the page is expected, and how long it is.</param>
    public PushBudget(DeliveryPolicy policy, LinkState link, PageForecast forecast)
    {
        (_maxCount, _maxBytes) = (policy.MaxPushes, policy.MaxPushBytes);
        var page = forecast.Bytes ?? UnknownSize;
        _idle = link.Carries((forecast.ThinkTime ?? TimeSpan.Zero) + link.RoundTrip, atMost: _maxBytes + page) - page;
    }

    /// <summary>Takes room for a push.</summary>
    /// <param name="resource">What is pushed.</param>
    /// <param name="bytes">The cost in bytes: content and promised header fields.</param>
    /// <returns><see cref="PushSkip.None"/>, or why the resource does not fit.</returns>
    public PushSkip TryTake(CriticalResource resource, int bytes)
    {
        lock (_lock)
        {
            if (_count >= _maxCount)
            {
                return PushSkip.OverPushCount;
            }

            if (_bytes + bytes > _maxBytes)
            {
                return PushSkip.OverPushBytes;
            }

            // The page waits for its render-blocking resources whenever they come, so it is enough if they begin in the idle time. The
            // others must end in it.
            if (_bytes + (resource.Blocking ? 0 : bytes) > _idle)
            {
                return PushSkip.OverIdleTime;
            }

            _bytes += bytes;
            _count++;
            return PushSkip.None;
        }
    }

    /// <summary>Takes more room for a push whose content turns out to be larger than was assumed.</summary>
    /// <returns>False if it does not fit. Then the push has to end.</returns>
    public bool TryTakeMore(long bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > _maxBytes)
            {
                return false;
            }

            _bytes += Math.Max(0, bytes);
            return true;
        }
    }

    /// <summary>Returns the room that was taken for a push that was not made.</summary>
    public void GiveBack(int bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
            _count--;
        }
    }
}
