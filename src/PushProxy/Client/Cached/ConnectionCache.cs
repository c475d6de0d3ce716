using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// What is known of a client's cache from one connection: of each resource the last that happened. Bounded; the one longest
/// neither recorded nor asked for makes room. Safe for use by several requests at once.
/// </summary>
/// <param name="maxEntries"><see cref="ClientCacheOptions.MaxConnectionEntries"/>.</param>
internal sealed class ConnectionCache(int maxEntries) : IViewer
{
    private readonly Lock _lock = new();
    private readonly RecencyList<Entry> _entries = new(maxEntries);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Remembers what happened to a resource on this connection.</summary>
    /// <param name="resource">Which.</param>
    /// <param name="version">What the client was given, asked with or refused.</param>
    /// <param name="evidence">What happened. Served and pushed mean: to the last byte.</param>
    /// <param name="freshness">
    /// Of the response. What is not fresh is not remembered, and ends what was known: the client's copy was replaced. With a conditional
    /// request or a refusal: for how long to believe it.
    /// </param>
    /// <param name="now">The time, in a request its start.</param>
    public void Record(ResourceKey resource, ResourceVersion version, CacheEvidence evidence, Freshness freshness, DateTimeOffset now)
    {
        var entry = freshness.IsFreshAt(now)
            ? new Entry(version, evidence, freshness.Until, CoarseTime.Of(freshness.Until, now))
            : default;
        lock (_lock)
        {
            ref var known = ref _entries.Touch(resource, add: entry.IsFreshAt(now));
            if (!IsWeak(evidence) || known.Version != version || !known.IsFreshAt(now))
            {
                known = entry;
            }
        }
    }

    /// <summary>How it is known that the client has the resource in the version that is current; none when it is not.</summary>
    public CacheEvidence Has(ResourceKey resource, ResourceVersion current, DateTimeOffset now)
    {
        lock (_lock)
        {
            ref var known = ref _entries.Touch(resource, add: false);
            return known.IsFreshAt(now) && known.Version == current ? known.Evidence : CacheEvidence.None;
        }
    }

    /// <summary>
    /// Adds what the client was given here to what its cookie is to say. Refusals and requests are too weak to outlive the connection.
    /// </summary>
    public void AddTo(ref CachedSet set, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (ref readonly var entry in _entries.Values)
            {
                if (!IsWeak(entry.Evidence) && entry.CoarseUntil.IsAfter(now))
                {
                    set.Add(entry.Version, entry.CoarseUntil);
                }
            }
        }
    }

    private static bool IsWeak(CacheEvidence evidence) => evidence is CacheEvidence.ConditionalRequest or CacheEvidence.RefusedByClient;

    /// <param name="Version">What the client has.</param>
    /// <param name="Evidence">How that is known.</param>
    /// <param name="Until">When it stops being fresh.</param>
    /// <param name="CoarseUntil">
    /// The same for the cookie. Worked out once, from the time it was recorded: later it would come out finer, and change the cookie.
    /// </param>
    private readonly record struct Entry(ResourceVersion Version, CacheEvidence Evidence, DateTimeOffset Until, CoarseTime CoarseUntil)
    {
        public bool IsFreshAt(DateTimeOffset now) => now < Until;
    }
}
