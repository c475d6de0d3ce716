using System.Collections.Immutable;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>What is delivered for one response, and what is not.</summary>
/// <param name="Link">The Link field value to add (RFC 8288); null when there is nothing to say.</param>
/// <param name="Resources">Every resource the page names, in delivery order, with the decision.</param>
internal sealed record DeliveryPlan(string? Link, ImmutableArray<PlannedResource> Resources)
{
    /// <summary>How many are sent.</summary>
    public int SentCount { get; } = Resources.Count(r => r.Skip == SkipReason.None);

    /// <summary>How many are not, by reason: counted once for a plan, not for each response it serves.</summary>
    public ImmutableArray<(SkipReason Reason, int Count)> SkippedCounts { get; } =
        [.. Resources.Where(r => r.Skip != SkipReason.None).GroupBy(r => r.Skip).Select(g => (g.Key, g.Count()))];
}

/// <summary>The decision on one resource: sent when <see cref="Skip"/> is <see cref="SkipReason.None"/>.</summary>
internal readonly record struct PlannedResource(string Url, CriticalResource? Resource, SkipReason Skip);
