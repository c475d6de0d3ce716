using System.Collections.Immutable;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// Plans, as far as the plan is the same for all clients: it decides what may be delivered, in order of worth and within the limits.
/// </summary>
internal static class DeliveryPlanner
{
    private const string PolicyField = "content-security-policy";

    /// <summary>
    /// The maximum length of the policies in a 103, in characters. If they are longer, no 103 is sent, because the browser would not check
    /// the hints against the page's policy.
    /// </summary>
    private const int MaxPolicyBytes = 4096;

    /// <param name="analysis">What the page needs.</param>
    /// <param name="policy">The channels and limits.</param>
    /// <param name="exclude">Returns why a resource must not be delivered; <see cref="ResourceSkip.None"/> if it may be.</param>
    /// <param name="originLinks">The URLs that the origin's own Link fields preload; null if they preload none.</param>
    /// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
    /// <param name="states">Returns what is known about a resource; null if nothing is kept.</param>
    public static DeliveryPlan Plan(
        PageAnalysis analysis, DeliveryPolicy policy, Func<CriticalResource, ResourceSkip> exclude, IReadOnlySet<string>? originLinks,
        ContentSecurityPolicy? security = null, Func<Uri, ResourceState?>? states = null)
    {
        var decisions = ImmutableArray.CreateBuilder<PlannedResource>(analysis.Resources.Count + analysis.Skipped.Count);
        var link = new LinkBuilder(policy.MaxLinkBytes);
        foreach (var resource in analysis.Resources)
        {
            var state = states?.Invoke(resource.Url);
            decisions.Add(Decide(resource, policy, exclude, originLinks, security, link) with
            {
                State = state,
                WouldBeStale = state is { Answer.StaysFresh: false },
                VariesByCookie = state?.Answer?.Vary.HasFlag(PromiseVary.ByCookie) == true,
            });
        }

        foreach (var skipped in analysis.Skipped)
        {
            decisions.Add(PlannedResource.Of(skipped));
        }

        ImmutableArray<string> preconnects = policy.Delivery == DeliveryMode.Off
            ? [] : [.. analysis.Preconnects.Select(PreloadLink.Preconnect)];
        foreach (var preconnect in preconnects)
        {
            link.TryAppend(preconnect);
        }

        var policies = security?.HeaderPolicies ?? [];
        var plan = new DeliveryPlan(link.Value, decisions.MoveToImmutable())
        {
            MaxLinkBytes = policy.MaxLinkBytes,
            Preconnects = preconnects,
            ReferrerPolicy = analysis.ReferrerPolicy,
            RanOutOn = analysis.RanOutOn?.Name(),
            EarlyPolicies = security is { MayBeTold: false } || policies.Sum(static p => p.Length) > MaxPolicyBytes
                ? null
                : [.. policies.Select(static p => KeyValuePair.Create(PolicyField, p))],
        };
        return plan with { EarlyFields = plan.HintFields(static _ => true) };
    }

    private static PlannedResource Decide(
        CriticalResource resource, DeliveryPolicy policy, Func<CriticalResource, ResourceSkip> exclude, IReadOnlySet<string>? originLinks,
        ContentSecurityPolicy? security, LinkBuilder link)
    {
        var skip = policy.Delivery == DeliveryMode.Off ? ResourceSkip.Off
            : originLinks is not null && originLinks.Contains(resource.Url.AbsoluteUri) ? ResourceSkip.OriginLink
            : security is not null && !security.Allows(resource) ? ResourceSkip.BlockedByPolicy
            : exclude(resource);
        if (skip != ResourceSkip.None)
        {
            return new PlannedResource(resource.Url.AbsoluteUri, resource, skip);
        }

        if (resource.ShowsFallback)
        {
            return new PlannedResource(resource.Url.AbsoluteUri, resource, ResourceSkip.TextDoesNotWait);
        }

        var value = PreloadLink.Format(resource);
        return link.TryAppend(value)
            ? new PlannedResource(resource.Url.AbsoluteUri, resource, ResourceSkip.None) { Link = value }
            : new PlannedResource(resource.Url.AbsoluteUri, resource, ResourceSkip.OverLinkLimit);
    }
}
