using PushProxy.Analysis;
using PushProxy.Connections;

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
    /// <param name="thinkTime">How long the origin will think about the page.</param>
    /// <param name="pageBytes">How long the page will be; null when that is not known.</param>
    public PushBudget(DeliveryPolicy policy, LinkState link, TimeSpan thinkTime, long? pageBytes)
    {
        (_maxCount, _maxBytes) = (policy.MaxPushes, policy.MaxPushBytes);
        var page = pageBytes ?? UnknownSize;
        _idle = link.Carries(thinkTime + link.RoundTrip, atMost: _maxBytes + page) - page;
    }

    /// <summary>Takes room for a push.</summary>
    /// <param name="resource">What is pushed.</param>
    /// <param name="bytes">What it costs, in bytes: content and promised header fields.</param>
    /// <returns><see cref="SkipReason.None"/>, or why there is no room.</returns>
    public SkipReason TryTake(CriticalResource resource, int bytes)
    {
        if (_count >= _maxCount)
        {
            return SkipReason.OverPushCount;
        }

        if (_bytes + bytes > _maxBytes)
        {
            return SkipReason.OverPushBytes;
        }

        // The page waits for what blocks it, whenever it comes: it may begin in idle time. The rest must end in it.
        if (_bytes + (resource.Blocking ? 0 : bytes) > _idle)
        {
            return SkipReason.OverIdleTime;
        }

        _bytes += bytes;
        _count++;
        return SkipReason.None;
    }

    /// <summary>Gives back what was taken for a push that was not made.</summary>
    public void GiveBack(int bytes)
    {
        _bytes -= bytes;
        _count--;
    }
}
