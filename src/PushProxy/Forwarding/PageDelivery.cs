using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>Step 5 of a page's way: puts what was planned on one response, once, as long as its headers have not left.</summary>
internal sealed class PageDelivery(HttpContext http, DeliveryPolicy policy, ResourceRegistry registry, PushProxyMetrics metrics)
{
    /// <summary>Whether something was decided already.</summary>
    public bool Done { get; private set; }

    public void Deliver(LearnedPage page, PageSource source)
    {
        var links = Links();
        Deliver(links is null ? page.Plan(policy, registry) : DeliveryPlanner.Plan(page.Analysis, policy, registry.IsMissing, links), source);
    }

    public void Deliver(PageAnalysis analysis, PageSource source) =>
        Deliver(DeliveryPlanner.Plan(analysis, policy, registry.IsMissing, Links()), source);

    // The page's URL is made only where the origin sends links to resolve against it: making one costs more than all the rest.
    private IReadOnlySet<string>? Links() =>
        http.Response.Headers.Link is { Count: > 0 } link && Uri.TryCreate(UriHelper.GetEncodedUrl(http.Request), UriKind.Absolute, out var url)
            ? OriginLinks.Preloaded(link, url)
            : null;

    private void Deliver(DeliveryPlan plan, PageSource source)
    {
        if (Done || http.Response.HasStarted)
        {
            return;
        }

        Done = true;
        if (plan.Link is not null)
        {
            http.Response.Headers.Append("Link", plan.Link);
        }

        metrics.Page(source);
        metrics.Sent(plan.SentCount);
        foreach (var (reason, count) in plan.SkippedCounts)
        {
            metrics.Skipped(reason, count);
        }

        if (policy.DebugHeader)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(source, plan));
        }
    }
}
