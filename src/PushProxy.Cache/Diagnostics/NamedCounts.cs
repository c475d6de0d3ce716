using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Diagnostics;

/// <summary>What was counted under one name: of a proxy, for one route. Safe for use by many threads at once.</summary>
/// <param name="name">The name (<see cref="HttpCacheRules.Name"/>).</param>
/// <param name="metrics">The instruments that all names share. There, the name is the tag <c>route</c>.</param>
internal sealed class NamedCounts(string name, HttpCacheMetrics metrics)
{
    private readonly KeyValuePair<string, object?> _route = new("route", name);
    private readonly long[] _answered = new long[Enum.GetValues<CacheOutcome>().Length];
    private long _savedBytes;
    private long _encodingSavedBytes;

    public void Answered(CacheOutcome outcome)
    {
        Interlocked.Increment(ref _answered[(int)outcome]);
        metrics.Requests.Add(1, new KeyValuePair<string, object?>("outcome", HttpCacheMetrics.Words.Of(outcome)), _route);
    }

    public void NotStored(NotStoredReason reason) =>
        metrics.NotStored.Add(1, new KeyValuePair<string, object?>("reason", HttpCacheMetrics.Words.Of(reason)), _route);

    /// <summary>Counts an answer from the store.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="spared">How many bytes more it would be without its content coding, in which the origin did not send it.</param>
    public void Sent(long content, long spared)
    {
        Saved(content + spared);
        Encoded(spared);
    }

    /// <summary>Counts bytes of content that the origin did not send again.</summary>
    public void Saved(long bytes)
    {
        if (bytes > 0)
        {
            Interlocked.Add(ref _savedBytes, bytes);
            metrics.Saved.Add(bytes, _route);
        }
    }

    /// <summary>Counts bytes that a content coding has taken off what a client was sent.</summary>
    public void Encoded(long saved)
    {
        if (saved > 0)
        {
            Interlocked.Add(ref _encodingSavedBytes, saved);
            metrics.Encoded.Add(saved, _route);
        }
    }

    public HttpCacheTotals Read() => new(name)
    {
        Hits = Of(CacheOutcome.Hit),
        Stale = Of(CacheOutcome.Stale) + Of(CacheOutcome.StaleOnError),
        Revalidated = Of(CacheOutcome.Revalidated),
        Coalesced = Of(CacheOutcome.Coalesced),
        Misses = Of(CacheOutcome.Stored) + Of(CacheOutcome.Miss),
        Bypassed = Of(CacheOutcome.Bypass),
        SavedBytes = Volatile.Read(ref _savedBytes),
        EncodingSavedBytes = Volatile.Read(ref _encodingSavedBytes),
    };

    private long Of(CacheOutcome outcome) => Volatile.Read(ref _answered[(int)outcome]);
}
