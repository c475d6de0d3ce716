using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>What counting a view needs to know about the client. A higher layer, which knows connections, implements it.</summary>
internal interface IViewer
{
    /// <summary>
    /// Returns how the proxy knows that the client has a resource in a version; <see cref="CacheEvidence.None"/> if it does not know.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="current">The origin's current version.</param>
    /// <param name="now">The time.</param>
    CacheEvidence Has(ResourceKey resource, ResourceVersion current, DateTimeOffset now);
}
