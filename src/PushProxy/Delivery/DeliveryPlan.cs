using System.Collections.Concurrent;
using System.Collections.Immutable;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// What may be delivered with a page, and what not, before the client and the moment are considered. It is made once for a version of a
/// page and used for many responses.
/// </summary>
/// <param name="Link">The Link field value that names everything (RFC 8288); null if there is nothing to name.</param>
/// <param name="Resources">Every resource that the page names, with the decision, in delivery order.</param>
internal sealed record DeliveryPlan(string? Link, ImmutableArray<PlannedResource> Resources)
{
    private const string LinkField = "link";

    // The plans for clients that display some image types and not others; null if that makes no difference, as on most pages. There are
    // as many as sets of types.
    private readonly ConcurrentDictionary<AcceptedImages, DeliveryPlan>? _byTypes =
        Resources.Any(static r => r.Resource is { } resource && ImageTypes.Matter(resource)) ? [] : null;

    /// <summary>
    /// The fields of a 103 for this page: its policies, and the links that do not depend on the client. Empty if there is nothing to name.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> EarlyFields { get; init; } = [];

    /// <summary>The page's policies as fields of a 103, without the links; null if they are too long for a 103.</summary>
    public ImmutableArray<KeyValuePair<string, string>>? EarlyPolicies { get; init; }

    /// <summary>The maximum size of the Link value in bytes (<see cref="DeliveryPolicy.MaxLinkBytes"/>).</summary>
    public int MaxLinkBytes { get; init; }

    /// <summary>The links to other origins, which are worth only a connection in advance.</summary>
    public ImmutableArray<string> Preconnects { get; init; } = [];

    /// <summary>The page's referrer policy; null if it states none.</summary>
    public string? ReferrerPolicy { get; init; }

    /// <summary>What the analysis of the page ran out on, as a word; null if it saw all of the page.</summary>
    public string? RanOutOn { get; init; }

    /// <summary>Whether a 103 may name a font.</summary>
    public bool HasHintableFont { get; } = Resources.Any(static r => r.IsHintableFont);

    /// <summary>How many resources are sent if all of them go by Link.</summary>
    public int SentCount { get; } = Resources.Count(static r => r.Skip == ResourceSkip.None);

    /// <summary>Whether a 103 may name everything that goes by Link.</summary>
    public bool AllHintable { get; } = Resources.All(static r => r.Skip != ResourceSkip.None || r.IsHintable);

    /// <summary>
    /// How many resources are not sent, by the reason as it is written. They are counted once for a plan, not for each response.
    /// </summary>
    public ImmutableArray<(string Reason, int Count)> SkippedCounts { get; } =
        [.. Resources.Where(static r => r.Skip != ResourceSkip.None).GroupBy(static r => r.Reason).Select(static g => (g.Key, g.Count()))];

    /// <summary>Returns the same plan without one resource (<see cref="ResourceSkip.HeldOut"/>).</summary>
    /// <param name="target">The path and query of the resource.</param>
    public DeliveryPlan Without(string target) => With(
        r => r.IsWanted && r.Resource!.Url.PathAndQuery == target ? r with { Skip = ResourceSkip.HeldOut, Link = null } : r);

    /// <summary>
    /// Returns the plan for a client: without images of types that it does not take (<see cref="ResourceSkip.NotAccepted"/>).
    /// </summary>
    /// <param name="accepted">What the request for the page says.</param>
    public DeliveryPlan For(AcceptedImages accepted) => _byTypes is null ? this
        : _byTypes.GetOrAdd(accepted, static (accepted, plan) => plan.With(r => ForTypes(r, accepted)), this);

    private static PlannedResource ForTypes(PlannedResource planned, AcceptedImages accepted) =>
        planned is not { IsWanted: true, Resource: { } resource } ? planned
        : ImageTypes.Takes(accepted, resource) switch
        {
            false => planned with { Skip = ResourceSkip.NotAccepted, Link = null },
            null => planned with { IsOnlyLinked = true },
            _ => planned,
        };

    private DeliveryPlan With(Func<PlannedResource, PlannedResource> change)
    {
        ImmutableArray<PlannedResource> resources = [.. Resources.Select(change)];
        var plan = this with { Resources = resources };
        return new DeliveryPlan(plan.FinalLink(static _ => true), resources)
        {
            EarlyFields = plan.HintFields(static _ => true),
            EarlyPolicies = EarlyPolicies,
            MaxLinkBytes = MaxLinkBytes,
            Preconnects = Preconnects,
            ReferrerPolicy = ReferrerPolicy,
            RanOutOn = RanOutOn,
        };
    }

    /// <summary>Returns the Link value for the page's response; null if there is nothing to name.</summary>
    /// <param name="names">Returns whether to name the resource at a position. Resources left out make room for others.</param>
    public string? FinalLink(Func<int, bool> names) => LinkOf(names, isEarly: false);

    /// <summary>
    /// Returns the fields of a 103; empty if there is nothing to name. Resources that depend on the screen, or that the client would have
    /// to ask for again, are left to the document. Browsers act only on the first 103, so it names everything at once.
    /// </summary>
    /// <param name="names">Returns whether to name the resource at a position.</param>
    public ImmutableArray<KeyValuePair<string, string>> HintFields(Func<int, bool> names) =>
        EarlyPolicies is { } policies && LinkOf(names, isEarly: true) is { } link
            ? [.. policies, KeyValuePair.Create(LinkField, link)] : [];

    private string? LinkOf(Func<int, bool> names, bool isEarly)
    {
        var link = new LinkBuilder(MaxLinkBytes);
        for (var i = 0; i < Resources.Length; i++)
        {
            var planned = Resources[i];
            if ((isEarly ? planned.IsHintable : planned.IsLinkable) && names(i))
            {
                link.TryAppend(planned.Link ?? PreloadLink.Format(planned.Resource!));
            }
        }

        foreach (var preconnect in Preconnects)
        {
            link.TryAppend(preconnect);
        }

        return link.Value;
    }
}
