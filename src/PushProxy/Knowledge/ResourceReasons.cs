using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Says why resources are not delivered.</summary>
internal static class ResourceReasons
{
    /// <summary>
    /// Returns why clients are not told of a resource in advance, judged by the origin's answers; <see cref="ResourceSkip.None"/> if they
    /// are.
    /// </summary>
    /// <param name="registry">What is known of resources.</param>
    /// <param name="resource">The resource, and what the page wants it for.</param>
    /// <param name="maxBytes">The size that it may have, in bytes.</param>
    public static ResourceSkip WhyNotTold(this ResourceRegistry registry, CriticalResource resource, long maxBytes) =>
        registry.Find(resource.Url) is not { } state ? ResourceSkip.NotAnswered
        : state.Excluded != ResourceSkip.None ? state.Excluded
        : state.Answer?.WhyNotTold(resource.Kind, maxBytes) ?? ResourceSkip.NotAnswered;
}
