using System.Collections.Immutable;
using PushProxy.Analysis;
using PushProxy.Pages;

namespace PushProxy.Delivery;

/// <summary>
/// What may be delivered with a page, and what not, before the client and the moment are looked at: made once for a version of a
/// page, used for many responses.
/// </summary>
/// <param name="Link">The Link field value that names all of it (RFC 8288); null when there is nothing to say.</param>
/// <param name="Resources">Every resource the page names, in delivery order, with the decision.</param>
internal sealed record DeliveryPlan(string? Link, ImmutableArray<PlannedResource> Resources)
{
    /// <summary>The fields of a 103 for this page: what depends on nothing but the page, and its policy. Empty when there is nothing to say.</summary>
    public ImmutableArray<KeyValuePair<string, string>> EarlyFields { get; init; } = [];

    /// <summary>The page's policies for a 103, without the links; null when they are too long for one.</summary>
    public ImmutableArray<KeyValuePair<string, string>>? EarlyPolicies { get; init; }

    /// <summary>The most bytes of Link (<see cref="DeliveryPolicy.MaxLinkBytes"/>).</summary>
    public int MaxLinkBytes { get; init; }

    /// <summary>Links to origins that are only worth a connection in advance.</summary>
    public ImmutableArray<string> Preconnects { get; init; } = [];

    /// <summary>How many are sent when all of them go by Link.</summary>
    public int SentCount { get; } = Resources.Count(r => r.Skip == SkipReason.None);

    /// <summary>How many are not, by reason: counted once for a plan, not for each response it serves.</summary>
    public ImmutableArray<(SkipReason Reason, int Count)> SkippedCounts { get; } =
        [.. Resources.Where(r => r.Skip != SkipReason.None).GroupBy(r => r.Skip).Select(g => (g.Key, g.Count()))];

    /// <summary>The same, but one resource is not delivered (<see cref="SkipReason.HeldOut"/>).</summary>
    /// <param name="target">Its path and query.</param>
    public DeliveryPlan Without(string target)
    {
        var plan = new DeliveryPlan(
            null, [.. Resources.Select(r => r.IsWanted && r.Resource!.Url.PathAndQuery == target ? r with { Skip = SkipReason.HeldOut, Link = null } : r)])
        {
            EarlyPolicies = EarlyPolicies,
            MaxLinkBytes = MaxLinkBytes,
            Preconnects = Preconnects,
        };
        var links = new PlanLinks(plan);
        return plan with { Link = links.Final(static _ => true), EarlyFields = links.Early(static _ => true) };
    }
}

/// <summary>The decision on one resource: it may be delivered when <see cref="Skip"/> is <see cref="SkipReason.None"/>.</summary>
/// <param name="Url">Absolute where one could be made of it.</param>
/// <param name="Resource">What it is; null when it was skipped by the analysis already.</param>
/// <param name="Skip">Why it is not delivered.</param>
internal readonly record struct PlannedResource(string Url, CriticalResource? Resource, SkipReason Skip)
{
    /// <summary>Its link value; null when it is not delivered by Link.</summary>
    public string? Link { get; init; }

    /// <summary>What is known of it; null where no learned page names it.</summary>
    public ResourceState? State { get; init; }

    /// <summary>Whether it is needed on every screen: only then may it be pushed or hinted before the document says more.</summary>
    public bool IsUnconditional => Resource is { Media: null, ImageSrcSet: null };

    /// <summary>Whether it may be delivered: by push also where Link has no room for it.</summary>
    public bool IsWanted => Skip is SkipReason.None or SkipReason.OverLinkLimit or SkipReason.TextDoesNotWait && Resource is not null;

    /// <summary>Whether it may be named in a Link.</summary>
    public bool IsLinkable => IsWanted && Skip != SkipReason.TextDoesNotWait;
}
