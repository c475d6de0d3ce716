namespace PushProxy.Cache.Diagnostics;

/// <summary>How a request was answered. Metrics and <c>Cache-Status</c> show it.</summary>
internal enum CacheOutcome
{
    /// <summary>From the store.</summary>
    Hit,

    /// <summary>From the store, stale, while it is validated.</summary>
    Stale,

    /// <summary>From the store, stale, because the origin failed.</summary>
    StaleOnError,

    /// <summary>From the store, after the origin said that it is still right.</summary>
    Revalidated,

    /// <summary>By the origin's answer to another request that was under way.</summary>
    Coalesced,

    /// <summary>By the origin. The response is stored.</summary>
    Stored,

    /// <summary>By the origin. The response is not stored.</summary>
    Miss,

    /// <summary>By the origin, without looking: the request can't be answered from a store.</summary>
    Bypass,
}
