using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>What counting a view asks of the client whose view it is. The layer that knows connections carries it out.</summary>
internal interface IViewer
{
    /// <summary>
    /// How it is known that the client has a resource in a version; <see cref="CacheEvidence.None"/> when it is not known.
    /// </summary>
    /// <param name="resource">Which resource.</param>
    /// <param name="current">The version that the origin has.</param>
    /// <param name="now">The time.</param>
    CacheEvidence Has(ResourceKey resource, ResourceVersion current, DateTimeOffset now);
}
