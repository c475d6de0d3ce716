using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using PushProxy.Analysis;
using PushProxy.ClientCache;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>
/// Step 5 of a page's way, once the origin has answered: names on the response what was not delivered before, once, as long as
/// its headers have not left.
/// </summary>
internal sealed class PageDelivery(
    HttpContext http, PageVisit visit, DeliveryPolicy policy, ResourceRegistry registry, ResourcePusher pusher, ClientCaches caches, PushProxyMetrics metrics)
{
    /// <summary>Whether something was decided already.</summary>
    public bool Done { get; private set; }

    /// <summary>A page that is known.</summary>
    public void Deliver(LearnedPage page, PageSource source)
    {
        page.Update(http.Response.Headers.ContentSecurityPolicy);
        var links = Links();
        Deliver(
            visit.Reduce(links is null ? page.Plan(policy, registry) : page.Plan(policy, registry, links)),
            source);
    }

    /// <summary>A page whose head has just been read: what it names is this client's own business, private or not.</summary>
    public void DeliverHead(PageAnalysis analysis)
    {
        if (Done || http.Response.HasStarted)
        {
            return;
        }

        // The answers for what it names may be here before the page itself is learned.
        foreach (var resource in analysis.Resources)
        {
            registry.Expect(resource.Url);
        }

        var security = ContentSecurityPolicy.Of(http.Response.Headers.ContentSecurityPolicy, analysis.MetaPolicies);
        var plan = DeliveryPlanner.Plan(analysis, policy, OwnPage, Links(), security, registry.Find);
        Know(plan);
        if (ResourcePusher.CanPush(http, visit, policy))
        {
            pusher.Push(http, visit, plan, policy, thinkTime: null, http.Response.ContentLength);
        }

        Deliver(plan, PageSource.Head);
    }

    private SkipReason OwnPage(Uri url) =>
        registry.WhyExcluded(url) is var reason && reason == SkipReason.PrivateResource ? SkipReason.None : reason;

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
        Know(plan);

        // What was pushed needs no Link, and what the client has needs nothing: both leave their room to others.
        var link = visit.IsHardReload ? null
            : visit.PushedCount == 0 && visit.KnowsNothing ? plan.Link
            : new PlanLinks(plan).Final(i => !visit.IsPushed(plan.Resources[i].Url) && visit.EvidenceFor(plan, i) == CacheEvidence.None);
        if (link is not null)
        {
            http.Response.Headers.Append("Link", link);
        }

        if (policy.CacheCookie)
        {
            caches.Remember(http, visit, plan);
        }

        Count(plan, source);
        if (policy.DebugHeader)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(source, plan, visit));
        }
    }

    private void Know(DeliveryPlan plan)
    {
        if (!visit.HasKnown(plan))
        {
            visit.Knows(plan, caches.Known(http.Request, visit.Connection, visit.CacheCookie, plan));
        }
    }

    private void Count(DeliveryPlan plan, PageSource source)
    {
        metrics.Page(source);
        if (visit.NotEarly != SkipReason.None)
        {
            metrics.NotEarly(visit.NotEarly);
        }

        metrics.Sent(Channel.Push, visit.PushedCount);
        var others = Math.Max(0, plan.SentCount - visit.PushedCount - caches.CountSaved(visit, plan));
        if (!visit.IsHardReload)
        {
            metrics.Sent(visit.HintsSent ? Channel.EarlyHints : Channel.Link, others);
        }
        else if (others > 0)
        {
            metrics.Skipped(SkipReason.HardReload, others);
        }

        foreach (var (reason, count) in plan.SkippedCounts)
        {
            metrics.Skipped(reason, count);
        }
    }
}
