using PushProxy.Analysis;
using PushProxy.Client.Pacing;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// What may be pushed with one page: by count and bytes, and by what the path to the client carries while it would be idle, from
/// the request until the client's own requests could come, which is the origin's think time and a round trip; less what the page
/// itself takes of it.
/// </summary>
internal sealed class PushBudget
{
    /// <summary>Bytes taken for a resource whose answer was never seen, and for a page whose length was never stated.</summary>
    public const int UnknownSize = 24 * 1024;

    private readonly long _idle;
    private readonly int _maxBytes;
    private readonly int _maxCount;
    private long _bytes;
    private int _count;

    /// <param name="policy">Count and bytes.</param>
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
    /// <param name="bytes">What it costs, in bytes: content and promised header fields.</param>
    /// <returns><see cref="PushSkip.None"/>, or why there is no room.</returns>
    public PushSkip TryTake(CriticalResource resource, int bytes)
    {
        if (_count >= _maxCount)
        {
            return PushSkip.OverPushCount;
        }

        if (_bytes + bytes > _maxBytes)
        {
            return PushSkip.OverPushBytes;
        }

        // The page waits for what blocks it, whenever it comes: it may begin in idle time. The rest must end in it.
        if (_bytes + (resource.Blocking ? 0 : bytes) > _idle)
        {
            return PushSkip.OverIdleTime;
        }

        _bytes += bytes;
        _count++;
        return PushSkip.None;
    }

    /// <summary>Gives back what was taken for a push that was not made.</summary>
    public void GiveBack(int bytes)
    {
        _bytes -= bytes;
        _count--;
    }
}
