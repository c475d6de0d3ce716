using System.Collections.Immutable;

namespace PushProxy.Delivery;

/// <summary>Names a part of a plan's resources: those that a client still needs to be told of.</summary>
internal readonly struct PlanLinks(DeliveryPlan plan)
{
    private const string LinkField = "link";

    /// <summary>The Link value of the page's response; null when there is nothing to say.</summary>
    /// <param name="names">Which of the plan's resources, by their place in it. What is left out leaves its room to others.</param>
    public string? Final(Func<int, bool> names) => Value(names, early: false);

    /// <summary>
    /// The fields of a 103; empty when there is nothing to say. Browsers leave what depends on the screen to the document, and act on
    /// the first 103 only: it says all there is to say.
    /// </summary>
    /// <param name="names">Which of the plan's resources, by their place in it.</param>
    public ImmutableArray<KeyValuePair<string, string>> Early(Func<int, bool> names) =>
        plan.EarlyPolicies is { } policies && Value(names, early: true) is { } link ? [.. policies, KeyValuePair.Create(LinkField, link)] : [];

    private string? Value(Func<int, bool> names, bool early)
    {
        var link = new LinkBuilder(plan.MaxLinkBytes);
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            var planned = plan.Resources[i];
            if (planned.IsLinkable && (planned.IsUnconditional || !early) && names(i))
            {
                link.TryAppend(planned.Link ?? PreloadLink.Format(planned.Resource!));
            }
        }

        foreach (var preconnect in plan.Preconnects)
        {
            link.TryAppend(preconnect);
        }

        return link.Value;
    }
}
