using System.Collections.Immutable;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// What may be delivered with a page, and what not, before the client and the moment are looked at: made once for a version of a
/// page, used for many responses.
/// </summary>
/// <param name="Link">The Link field value that names all of it (RFC 8288); null when there is nothing to say.</param>
/// <param name="Resources">Every resource the page names, in delivery order, with the decision.</param>
internal sealed record DeliveryPlan(string? Link, ImmutableArray<PlannedResource> Resources)
{
    private const string LinkField = "link";

    /// <summary>
    /// The fields of a 103 for this page: its policy, and what depends on nothing but the page. Empty when there is nothing to say.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> EarlyFields { get; init; } = [];

    /// <summary>The page's policies for a 103, without the links; null when they are too long for one.</summary>
    public ImmutableArray<KeyValuePair<string, string>>? EarlyPolicies { get; init; }

    /// <summary>The most bytes of Link (<see cref="DeliveryPolicy.MaxLinkBytes"/>).</summary>
    public int MaxLinkBytes { get; init; }

    /// <summary>Links to origins that are only worth a connection in advance.</summary>
    public ImmutableArray<string> Preconnects { get; init; } = [];

    /// <summary>How many are sent when all of them go by Link.</summary>
    public int SentCount { get; } = Resources.Count(static r => r.Skip == ResourceSkip.None);

    /// <summary>How many are not, by the reason as it is written: counted once for a plan, not for each response it serves.</summary>
    public ImmutableArray<(string Reason, int Count)> SkippedCounts { get; } =
        [.. Resources.Where(static r => r.Skip != ResourceSkip.None).GroupBy(static r => r.Reason).Select(static g => (g.Key, g.Count()))];

    /// <summary>The same plan, but one resource is not delivered (<see cref="ResourceSkip.HeldOut"/>).</summary>
    /// <param name="target">Its path and query.</param>
    public DeliveryPlan Without(string target)
    {
        var plan = this with
        {
            Resources =
            [
                .. Resources.Select(r =>
                    r.IsWanted && r.Resource!.Url.PathAndQuery == target ? r with { Skip = ResourceSkip.HeldOut, Link = null } : r),
            ],
        };
        return new DeliveryPlan(plan.FinalLink(static _ => true), plan.Resources)
        {
            EarlyFields = plan.HintFields(static _ => true),
            EarlyPolicies = EarlyPolicies,
            MaxLinkBytes = MaxLinkBytes,
            Preconnects = Preconnects,
        };
    }

    /// <summary>The Link value of the page's response; null when there is nothing to say.</summary>
    /// <param name="names">Which of the resources, by their place. Those left out leave their room to others.</param>
    public string? FinalLink(Func<int, bool> names) => LinkOf(names, isEarly: false);

    /// <summary>
    /// The fields of a 103; empty when there is nothing to say. Browsers leave what depends on the screen to the document. They act on
    /// the first 103 only, so it says all there is to say.
    /// </summary>
    /// <param name="names">Which of the resources, by their place.</param>
    public ImmutableArray<KeyValuePair<string, string>> HintFields(Func<int, bool> names) =>
        EarlyPolicies is { } policies && LinkOf(names, isEarly: true) is { } link
            ? [.. policies, KeyValuePair.Create(LinkField, link)] : [];

    private string? LinkOf(Func<int, bool> names, bool isEarly)
    {
        var link = new LinkBuilder(MaxLinkBytes);
        for (var i = 0; i < Resources.Length; i++)
        {
            var planned = Resources[i];
            if (planned.IsLinkable && (planned.IsUnconditional || !isEarly) && names(i))
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
