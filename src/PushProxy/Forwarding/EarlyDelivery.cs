using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.ClientCache;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Navigation;
using PushProxy.Pages;
using PushProxy.Traffic;

namespace PushProxy.Forwarding;

/// <summary>
/// Steps 1 to 5 of a page's way, before the origin is asked: what is known of the page goes to the client while the origin
/// thinks. Nothing here may fail a request.
/// </summary>
internal sealed partial class EarlyDelivery(
    PolicyTable policies, PageStore store, ResourceRegistry registry, ResourcePusher pusher, ClientCaches caches, TrafficObserver traffic, TimeProvider time,
    PushProxyMetrics metrics, ILogger<EarlyDelivery> logger)
{
    /// <summary>RFC 8297.</summary>
    private const int EarlyHints = 103;

    /// <summary>A GET is about to be forwarded.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What is kept of it.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    public void Begin(HttpContext http, ProxiedRequest request, string route, string? policyName)
    {
        try
        {
            // 1. Is it a navigation? Most requests are not, and end here.
            var kind = NavigationRequest.Classify(http.Request, out var skip);
            if (kind == NavigationKind.None && skip == SkipReason.NotNavigation)
            {
                return;
            }

            var policy = policies.Find(policyName);
            if (policy.Delivery == DeliveryMode.Off || !PageKey.TryCreate(route, http, out var key, out var query))
            {
                return;
            }

            // 2. Which page is it, and what do we know that it needs?
            var isMember = PageAudience.IsMember(http.Request);
            var knowledge = store.Find(key, query, http.Request.Headers, isMember, isPage: kind is NavigationKind.Document or NavigationKind.Frame);
            if (kind is NavigationKind.Unspoken or NavigationKind.Anything && knowledge is { Path: null, Page: null })
            {
                // An image, most of the time: no more is spent on it unless a page comes back.
                request.MayBePage(kind, time.GetTimestamp());
                return;
            }

            var visit = new PageVisit(kind, skip, key, query, isMember, knowledge, time.GetTimestamp())
            {
                Connection = request.Connection,
                CacheCookie = request.CookieFor(policy),
                IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
            };
            request.Visit = visit;
            traffic.Begin(http, visit, request.CacheCookie is not null);
            if (!IsPushed(http, visit))
            {
                visit.NotEarly = skip != SkipReason.None ? skip
                    : knowledge.Page is { } page ? Deliver(http, visit, visit.Reduce(page.Plan(policy, registry)), policy)
                    : isMember && knowledge.Path is not null ? SkipReason.Personalised
                    : SkipReason.Unknown;
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.EarlyDelivery);
            LogFailed(e, http.Request.Path);
        }
    }

    // 3. Less what this client has.  4. and 5. The channel this client takes.
    private SkipReason Deliver(HttpContext http, PageVisit visit, DeliveryPlan plan, DeliveryPolicy policy)
    {
        visit.Knows(plan, caches.Known(http.Request, visit.Connection, visit.CacheCookie, plan));
        if (visit.Kind == NavigationKind.Frame)
        {
            return SkipReason.Frame;
        }

        if (policy.Delivery == DeliveryMode.Link)
        {
            return SkipReason.ChannelOff;
        }

        var timing = visit.Knowledge.Path?.Timing;
        if (ResourcePusher.CanPush(http, visit, policy))
        {
            pusher.Push(http, visit, plan, policy, timing?.ThinkTime ?? TimeSpan.Zero, timing?.Bytes);
            return SkipReason.None;
        }

        // A client that says nothing of what it takes may be anything but a browser, and is spared the surprise.
        return policy.Delivery == DeliveryMode.Push ? http.ServerPush().Availability.ToSkipReason()
            : visit.Kind == NavigationKind.Unspoken ? SkipReason.HintsNotPossible
            : SendHints(http, visit, plan, timing);
    }

    private SkipReason SendHints(HttpContext http, PageVisit visit, DeliveryPlan plan, PageTiming? timing)
    {
        if (visit.IsHardReload)
        {
            return SkipReason.HardReload;
        }

        var fields = visit.KnowsNothing ? plan.EarlyFields : new PlanLinks(plan).Early(i => visit.EvidenceFor(plan, i) == CacheEvidence.None);
        var informational = http.InformationalResponse();
        if (fields.IsEmpty || informational.Availability != InformationalOutcome.Sent)
        {
            return SkipReason.HintsNotPossible;
        }

        // Its place before the response is settled when this returns; what cannot be sent is known then, too.
        var sending = informational.SendAsync(EarlyHints, fields).AsTask();
        visit.HintsSent = !sending.IsCompletedSuccessfully || sending.Result == InformationalOutcome.Sent;
        _ = CountAsync(sending);
        if (!visit.HintsSent)
        {
            return SkipReason.HintsNotPossible;
        }

        pusher.Hint(http, visit, plan, timing?.ThinkTime ?? TimeSpan.Zero, timing?.Bytes);
        return SkipReason.None;
    }

    private async Task CountAsync(Task<InformationalOutcome> sending) => metrics.EarlyHints(await sending.ConfigureAwait(false));

    private static bool IsPushed(HttpContext http, PageVisit visit) => visit.Connection is { HasPushed: true } && http.ServerPush().Promised is not null;

    [LoggerMessage(1, LogLevel.Error, "Deciding what to deliver early for {Path} failed; the page passes as it is")]
    private partial void LogFailed(Exception exception, PathString path);
}
