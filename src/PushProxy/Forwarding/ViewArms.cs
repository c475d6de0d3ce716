using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Client.Arms;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Puts page views into arms: some visitors get pages as the origin sends them, and both arms are measured.</summary>
internal sealed class ViewArms(VisitorArms visitors, ViewClock clock, ClientConnections connections, PushProxyMetrics metrics)
{
    /// <summary>A page is requested, and nothing of it has been delivered.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The policy of its route.</param>
    /// <returns>Whether nothing is to be delivered.</returns>
    public bool Came(HttpContext http, ProxiedRequest request, DeliveryRecord record, DeliveryPolicy policy)
    {
        var visitor = visitors.Of(http, policy.HoldOut);
        if (visitor.Arm == Arm.None)
        {
            return false;
        }

        if (record.Visit is { Kind: NavigationKind.Document, NotNavigation: PageSkip.None }
            && (record.Connection ??= connections.FindOrAdd(http)) is { } connection)
        {
            clock.Begin(http, record.Visit, connection, visitor, EarlyDelivery.ChannelFor(http, record.Visit, policy));
        }

        return Assign(request, record, visitor.Arm);
    }

    /// <summary>Only the response of a request has shown that it is for a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The policy of its route.</param>
    public void CameLate(HttpContext http, ProxiedRequest request, DeliveryRecord record, DeliveryPolicy policy)
    {
        if (visitors.Of(http, policy.HoldOut).Arm is not Arm.None and var arm)
        {
            Assign(request, record, arm);
        }
    }

    /// <summary>The page has come. Its header fields have not left yet.</summary>
    /// <param name="http">The request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The policy of its route.</param>
    public void Answered(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        if (record.Arm == Arm.None)
        {
            return;
        }

        clock.PageCame(record.Connection, record.Visit);
        if (record.Arm == Arm.HeldOut && policy.DebugHeader && !http.Response.HasStarted)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(PageSkip.VisitorHeldOut));
        }
    }

    private bool Assign(ProxiedRequest request, DeliveryRecord record, Arm arm)
    {
        request.Arm = record.Arm = arm;
        if (arm != Arm.HeldOut)
        {
            return false;
        }

        // As if it were answered: its own response names nothing either.
        record.IsAnswered = true;
        record.NotEarly = PageSkip.VisitorHeldOut.Name();
        metrics.NotEarly(record.NotEarly);
        return true;
    }
}
