using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// Delivers early: sends what a plan names to the client, by a channel that the client accepts, before the origin has answered.
/// </summary>
internal sealed class EarlyDelivery(ResourcePusher pusher, PushProxyMetrics metrics)
{
    /// <summary>The status code 103 (RFC 8297).</summary>
    private const int EarlyHints = 103;

    /// <summary>Pushes the resources of a plan, or sends a 103.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="record">The record of the page view. It already holds what the client has of the plan.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="policy">The channels and limits.</param>
    /// <param name="forecast">When the page is expected.</param>
    /// <returns>Why nothing was delivered, as a word; null if something was.</returns>
    public string? Deliver(HttpContext http, DeliveryRecord record, DeliveryPlan plan, DeliveryPolicy policy, PageForecast forecast)
    {
        var visit = record.Visit;
        if (visit.Kind == NavigationKind.Frame)
        {
            return PageSkip.Frame.Name();
        }

        if (policy.Delivery == DeliveryMode.Link)
        {
            return PageSkip.ChannelOff.Name();
        }

        if (ResourcePusher.CanPush(http, visit, policy))
        {
            pusher.Push(http, record, plan, policy, forecast);
            return null;
        }

        if (policy.Delivery == DeliveryMode.Push)
        {
            return http.ServerPush().Availability.ToSkip() is not PushSkip.None and var reason ? reason.Name() : null;
        }

        // A client that does not say what it accepts may not be a browser, and a 103 could surprise it.
        return visit.Kind == NavigationKind.Unspoken ? PageSkip.HintsNotPossible.Name() : Hint(http, record, plan, forecast);
    }

    /// <summary>Returns the best channel that this client takes for a page now.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="visit">Its facts.</param>
    /// <param name="policy">The channels.</param>
    public static DeliveryChannel ChannelFor(HttpContext http, PageVisit visit, DeliveryPolicy policy) =>
        ResourcePusher.CanPush(http, visit, policy) ? DeliveryChannel.Push
        : policy.Delivery is DeliveryMode.Auto or DeliveryMode.EarlyHints && visit.Kind != NavigationKind.Unspoken
            && http.InformationalResponse().Availability == InformationalOutcome.Sent ? DeliveryChannel.EarlyHints
        : DeliveryChannel.Link;

    private string? Hint(HttpContext http, DeliveryRecord record, DeliveryPlan plan, PageForecast forecast)
    {
        if (record.Visit.IsHardReload)
        {
            return PageSkip.HardReload.Name();
        }

        var fields = record.KnowsNothing ? plan.EarlyFields : plan.HintFields(i => record.EvidenceFor(plan, i).IsAskedFor());
        var informational = http.InformationalResponse();
        if (informational.Availability != InformationalOutcome.Sent)
        {
            return PageSkip.HintsNotPossible.Name();
        }

        if (fields.IsEmpty)
        {
            return PageSkip.NothingToHint.Name();
        }

        // When this returns, the 103 has its place before the response. It is also known whether it cannot be sent.
        var sending = informational.SendAsync(EarlyHints, fields).AsTask();
        record.HintsSent = !sending.IsCompletedSuccessfully || sending.Result == InformationalOutcome.Sent;
        _ = CountAsync(sending);
        if (!record.HintsSent)
        {
            return PageSkip.HintsNotPossible.Name();
        }

        pusher.Hint(http, record, plan, forecast);
        return null;
    }

    private async Task CountAsync(Task<InformationalOutcome> sending) => metrics.EarlyHints(await sending.ConfigureAwait(false));
}
