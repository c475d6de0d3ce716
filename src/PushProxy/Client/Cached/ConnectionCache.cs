using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// What one connection tells about a client's cache: the last event for each resource. When there are too many resources, the one not
/// recorded or looked up for the longest time is removed. Safe for use by several requests at once.
/// </summary>
/// <param name="maxEntries">The maximum number of resources (<see cref="ClientCacheOptions.MaxConnectionEntries"/>).</param>
/// <param name="staleLifetime">How long a copy that is not fresh counts (<see cref="ClientCacheOptions.StaleLifetime"/>).</param>
internal sealed class ConnectionCache(int maxEntries, TimeSpan staleLifetime) : IViewer
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
    /// <param name="resource">The resource.</param>
    /// <param name="version">The version that the client received, asked with or refused.</param>
    /// <param name="evidence">What happened. Served and pushed mean to the last byte.</param>
    /// <param name="freshness">
    /// The freshness of the response. A response that may not be stored is not remembered, and it ends what was known, because the client's
    /// copy was replaced. For a conditional request or a refusal, it says for how long to believe the evidence.
    /// </param>
    /// <param name="now">The time. For a request it is the start of the request.</param>
    public void Record(ResourceKey resource, ResourceVersion version, CacheEvidence evidence, Freshness freshness, DateTimeOffset now)
    {
        var entry = freshness.IsFreshAt(now) ? new Entry(version, evidence, freshness.Until, CoarseTime.Of(freshness.Until, now))
            : freshness.Kind == FreshnessKind.NotStored || version == default ? default
            : new Entry(version, evidence, now, CoarseTime.Of(now + staleLifetime, now), IsStale: true);
        lock (_lock)
        {
            ref var known = ref _entries.Touch(resource, add: entry.Version != default);
            if (!IsWeak(evidence) || known.Version != version || !known.IsFreshAt(now))
            {
                known = entry;
            }
        }
    }

    /// <summary>
    /// Returns how the proxy knows that the client has the current version of a resource; <see cref="CacheEvidence.None"/> if it does not
    /// know.
    /// </summary>
    public CacheEvidence Has(ResourceKey resource, ResourceVersion current, DateTimeOffset now)
    {
        lock (_lock)
        {
            ref var known = ref _entries.Touch(resource, add: false);
            return known.Version != current || current == default ? CacheEvidence.None
                : known.IsFreshAt(now) ? known.Evidence
                : known.Evidence != CacheEvidence.RefusedByClient && now < known.Until + staleLifetime ? CacheEvidence.StaleCopy
                : CacheEvidence.None;
        }
    }

    /// <summary>
    /// Adds what the client received here to the set for its cookie. Refusals and conditional requests are too weak to outlive the
    /// connection.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="now">The time.</param>
    /// <param name="withStale">Whether copies that were not fresh when they came are added, too.</param>
    public void AddTo(ref CachedSet set, DateTimeOffset now, bool withStale)
    {
        lock (_lock)
        {
            foreach (ref readonly var entry in _entries.Values)
            {
                if (!IsWeak(entry.Evidence) && entry.CoarseUntil.IsAfter(now) && (withStale || !entry.IsStale))
                {
                    set.Add(entry.Version, entry.CoarseUntil);
                }
            }
        }
    }

    private static bool IsWeak(CacheEvidence evidence) => evidence is CacheEvidence.ConditionalRequest or CacheEvidence.RefusedByClient;

    /// <param name="Version">The version that the client has.</param>
    /// <param name="Evidence">How the proxy knows.</param>
    /// <param name="Until">When the version stops being fresh.</param>
    /// <param name="CoarseUntil">
    /// The expiry for the cookie. It is computed once, when the event is recorded. Computed later it would be finer, and change the cookie.
    /// </param>
    /// <param name="IsStale">Whether the response was not fresh when it came.</param>
    private readonly record struct Entry(
        ResourceVersion Version, CacheEvidence Evidence, DateTimeOffset Until, CoarseTime CoarseUntil, bool IsStale = false)
    {
        public bool IsFreshAt(DateTimeOffset now) => now < Until;
    }
}
