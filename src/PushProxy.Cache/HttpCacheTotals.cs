namespace PushProxy.Cache;

/// <summary>What the cache did since the start for all requests of one name, for example of one route of a proxy.</summary>
public sealed class HttpCacheTotals
{
    internal HttpCacheTotals(string name) => Name = name;

    /// <summary>The name, as the policy gives it (<see cref="HttpCacheRules.Name"/>).</summary>
    public string Name { get; }

    /// <summary>Requests that were answered from the store.</summary>
    public long Hits { get; internal init; }

    /// <summary>
    /// Requests that were answered from the store with a stale response, while it was validated or because the origin failed.
    /// </summary>
    public long Stale { get; internal init; }

    /// <summary>Requests that were answered from the store after the origin had said that the response is still right.</summary>
    public long Revalidated { get; internal init; }

    /// <summary>Requests that were answered by the origin's response to somebody else's request.</summary>
    public long Coalesced { get; internal init; }

    /// <summary>Requests that the origin has answered, whether the response was stored or not.</summary>
    public long Misses { get; internal init; }

    /// <summary>Requests that went to the origin without a look: they can't be answered from a store.</summary>
    public long Bypassed { get; internal init; }

    /// <summary>Bytes of content that the origin did not send again, in the coding in which it had sent them.</summary>
    public long SavedBytes { get; internal init; }

    /// <summary>Bytes that content codings have taken off what clients were sent.</summary>
    public long EncodingSavedBytes { get; internal init; }
}
