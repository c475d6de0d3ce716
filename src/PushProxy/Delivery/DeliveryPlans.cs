using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Makes the plans of learned pages, and keeps each plan until something that it depends on changes.</summary>
internal sealed class DeliveryPlans(ResourceRegistry registry, LearningOptions options)
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
            verdict.Extend(page.Told),
            policy,
            resource => verdict.IsUnused(resource.Url) ? ResourceSkip.NotUsed : registry.WhyNotTold(resource, options.MaxResourceBytes),
            originLinks,
            page.Security,
            registry.Find);
    }

    /// <summary>
    /// Returns the plan for a response that is this very page. Its client reads the names in it anyway, so they are told as soon as
    /// nothing speaks against it.
    /// </summary>
    /// <param name="analysis">What the page needs.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="originLinks">The absolute URLs that the origin's Link fields preload; null if they preload none.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    public DeliveryPlan ForItself(
        PageAnalysis analysis, DeliveryPolicy policy, IReadOnlySet<string>? originLinks, ContentSecurityPolicy? security) =>
        DeliveryPlanner.Plan(analysis, policy, WhyNotToItsOwnClient, originLinks, security, registry.Find);

    // What is private is this client's own. What nobody has answered yet, its browser asks for anyway.
    private ResourceSkip WhyNotToItsOwnClient(CriticalResource resource) =>
        registry.WhyNotTold(resource, options.MaxResourceBytes) is var reason && reason is ResourceSkip.Missing or ResourceSkip.OtherType
            ? reason : ResourceSkip.None;

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
