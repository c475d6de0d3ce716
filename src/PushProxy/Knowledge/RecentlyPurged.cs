using PushProxy.Cache;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Remembers what was purged lately, so that a page that was requested before is not learned after it, whether its path is known or not.
/// Guarded by the page store's lock.
/// </summary>
internal sealed class RecentlyPurged
{
    /// <summary>
    /// How many are remembered. Of a page that took longer than these, nobody knows, and it is not learned.
    /// </summary>
    public const int Room = 256;

    private readonly (HttpCachePurged Purged, long At)[] _last = new (HttpCachePurged, long)[Room];
    private long _count;

    /// <param name="purged">What was purged.</param>
    /// <param name="now">The time, as a timestamp of the clock.</param>
    public void Add(IEnumerable<HttpCachePurged> purged, long now)
    {
        foreach (var one in purged)
        {
            _last[_count++ % Room] = (one, now);
        }
    }

    /// <summary>Returns whether pages of a path were purged since a time.</summary>
    public bool HaveHit(PageKey key, long since)
    {
        for (var i = _count - 1; i >= 0 && i >= _count - Room; i--)
        {
            var (purged, at) = _last[i % Room];
            if (at <= since)
            {
                return false;
            }

            if (PurgedUrls.MayBeOf(purged, key))
            {
                return true;
            }
        }

        return _count > Room;
    }
}
