using PushProxy.Analysis;
using PushProxy.Delivery;

namespace PushProxy.Pages;

/// <summary>What one version of a page needs. Immutable but for the plan it remembers.</summary>
internal sealed class LearnedPage(PageAnalysis analysis)
{
    private volatile CachedPlan? _plan;

    public PageAnalysis Analysis { get; } = analysis;

    /// <summary>A rough count of the memory it takes, in bytes: texts twice over (UTF-16), and the plan's copies of them.</summary>
    public long Size => 256
        + Analysis.Resources.Sum(r => 320 + (6L * r.Url.OriginalString.Length) + (2L * ((r.Integrity?.Length ?? 0) + (r.Media?.Length ?? 0))))
        + Analysis.Skipped.Sum(s => 96 + (2L * s.Url.Length));

    /// <summary>Whether both pages need the same, in the same order.</summary>
    public bool NeedsTheSameAs(LearnedPage other) => Analysis.Resources.SequenceEqual(other.Analysis.Resources);

    /// <summary>The plan for a response to which the origin added no Link of its own: made once, used until something changes.</summary>
    public DeliveryPlan Plan(DeliveryPolicy policy, ResourceRegistry registry)
    {
        var version = registry.Version;
        var cached = _plan;
        if (cached is null || cached.RegistryVersion != version || cached.MaxLinkBytes != policy.MaxLinkBytes)
        {
            _plan = cached = new CachedPlan(
                version, policy.MaxLinkBytes, DeliveryPlanner.Plan(Analysis, policy, registry.IsMissing, originLinks: null));
        }

        return cached.Plan;
    }

    private sealed record CachedPlan(int RegistryVersion, int MaxLinkBytes, DeliveryPlan Plan);
}
