using PushProxy.Cache.Diagnostics;

namespace PushProxy.Cache;

/// <summary>Says what the cache did since the start, for people who operate it. The metrics have the same, and more.</summary>
public sealed class HttpCacheStatistics
{
    private readonly HttpCacheMetrics _metrics;

    internal HttpCacheStatistics(HttpCacheMetrics metrics) => _metrics = metrics;

    /// <summary>
    /// Gets the totals by name (<see cref="HttpCacheRules.Name"/>), in the order of names. There are none before the first request.
    /// </summary>
    public IReadOnlyList<HttpCacheTotals> List() =>
        [.. _metrics.All.Select(static c => c.Read()).OrderBy(static t => t.Name, StringComparer.Ordinal)];
}
