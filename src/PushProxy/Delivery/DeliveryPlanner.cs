using System.Collections.Immutable;
using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>Steps 3 and 4 of a page's way: from what a page needs to what is sent, in order of worth, within the limits.</summary>
internal static class DeliveryPlanner
{
    /// <param name="analysis">What the page needs.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="isMissing">Whether the origin no longer has a resource.</param>
    /// <param name="originLinks">URLs the origin's own Link fields preload; null when there are none.</param>
    public static DeliveryPlan Plan(PageAnalysis analysis, DeliveryPolicy policy, Func<Uri, bool> isMissing, IReadOnlySet<string>? originLinks)
    {
        var decisions = ImmutableArray.CreateBuilder<PlannedResource>(analysis.Resources.Count + analysis.Skipped.Count);
        var link = new StringBuilder();
        foreach (var resource in analysis.Resources)
        {
            var skip = SkipReason.None;
            if (policy.Delivery == DeliveryMode.Off)
            {
                skip = SkipReason.Off;
            }
            else if (originLinks is not null && originLinks.Contains(resource.Url.AbsoluteUri))
            {
                skip = SkipReason.OriginLink;
            }
            else if (isMissing(resource.Url))
            {
                skip = SkipReason.Missing;
            }
            else if (!TryAppend(link, PreloadLink.Format(resource), policy.MaxLinkBytes))
            {
                skip = SkipReason.OverLinkLimit;
            }

            decisions.Add(new PlannedResource(resource.Url.AbsoluteUri, resource, skip));
        }

        foreach (var skipped in analysis.Skipped)
        {
            decisions.Add(new PlannedResource(skipped.Url, null, skipped.Reason.ToSkipReason()));
        }

        return new DeliveryPlan(link.Length > 0 ? link.ToString() : null, decisions.MoveToImmutable());
    }

    // What does not fit is left out; a shorter one behind it may still fit. Values are ASCII, so characters are bytes.
    private static bool TryAppend(StringBuilder link, string value, int limit)
    {
        var separator = link.Length > 0 ? ", " : "";
        if (link.Length + separator.Length + value.Length > limit)
        {
            return false;
        }

        link.Append(separator).Append(value);
        return true;
    }
}
