using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Makes the plans of learned pages, and keeps each plan until something that it depends on changes.</summary>
internal sealed class DeliveryPlans(ResourceRegistry registry)
{
    /// <summary>
    /// Returns the plan for a response to which the origin added no Link of its own. It is made once and used until something changes.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="isMember">Whether the visitor sends cookies or authorization. What joined by traffic is not for such visitors.</param>
    public DeliveryPlan For(LearnedPage page, DeliveryPolicy policy, bool isMember)
    {
        var version = registry.Version;
        var security = page.Security;
        var verdict = VerdictFor(page, isMember);
        var (strangers, members) = page.Remembered as Both ?? Both.None;
        if ((isMember ? members : strangers) is not { } kept || kept.RegistryVersion != version || kept.MaxLinkBytes != policy.MaxLinkBytes
            || kept.Security != security || !ReferenceEquals(kept.Verdict, verdict))
        {
            kept = new Kept(version, policy.MaxLinkBytes, security, verdict, For(page, policy, isMember, originLinks: null));
            page.Remembered = isMember ? new Both(strangers, kept) : new Both(kept, members);
        }

        return kept.Plan;
    }

    /// <summary>Returns the plan for a response whose own Link fields already preload some resources.</summary>
    /// <param name="page">The page.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="isMember">Whether the visitor sends cookies or authorization.</param>
    /// <param name="originLinks">The absolute URLs that the origin's Link fields preload; null if they preload none.</param>
    public DeliveryPlan For(LearnedPage page, DeliveryPolicy policy, bool isMember, IReadOnlySet<string>? originLinks)
    {
        var verdict = VerdictFor(page, isMember);
        return DeliveryPlanner.Plan(
            verdict.Extend(page.Analysis),
            policy,
            url => verdict.IsUnused(url) ? ResourceSkip.NotUsed : registry.WhyExcluded(url),
            originLinks,
            page.Security,
            registry.Find);
    }

    private static TrafficVerdict VerdictFor(LearnedPage page, bool isMember) =>
        page.Traffic?.Verdict is not { } verdict ? TrafficVerdict.None : isMember ? verdict.ForMembers : verdict;

    /// <summary>The plans for both kinds of visitors; null for those that were not made yet.</summary>
    private sealed record Both(Kept? Strangers, Kept? Members)
    {
        public static Both None { get; } = new(null, null);
    }

    private sealed record Kept(int RegistryVersion, int MaxLinkBytes, ContentSecurityPolicy? Security, TrafficVerdict Verdict,
        DeliveryPlan Plan);
}
