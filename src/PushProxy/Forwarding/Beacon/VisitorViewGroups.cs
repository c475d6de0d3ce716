using Microsoft.AspNetCore.Http;
using PushProxy.Client.Arms;
using PushProxy.Model;
using PushProxy.Proof;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Finds the arm and the visitor of a record as those of a page are found: by the address and <c>User-Agent</c> of the request that brings
/// it. Which page and which connection it was is not told, so a record counts for all views together.
/// </summary>
internal sealed class VisitorViewGroups(PolicyTable policies, VisitorArms visitors, VisitorShares shares) : IViewGroups
{
    public bool TryFind(HttpContext http, string path, out ViewGroup view)
    {
        view = default;
        if (http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not { } route)
        {
            return false;
        }

        var policy = policies.Find(DeliveryPolicy.NameIn(route.Config.Metadata));
        var visitor = visitors.Of(http, policy.HoldOut);
        if (visitor.Arm == Arm.None)
        {
            return false;
        }

        view = new ViewGroup(visitor.Arm, shares.Of(visitor), Page: "", http.Request.Protocol, Channel: "", IsFirst: false);
        return true;
    }
}
