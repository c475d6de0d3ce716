using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Client.Arms;
using PushProxy.Forwarding.Beacon;
using PushProxy.Model;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>What the store keeps for a request is the policy of its route. Routes share nothing.</summary>
internal sealed class RouteCacheRules(PolicyTable policies, VisitorArms visitors, BeaconPages beacons) : IHttpCachePolicy
{
    private static readonly HttpCacheRules Off = new(HttpCacheScope.Off, Encodes: false);

    public HttpCacheRules RulesOf(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not { } route)
        {
            return Off;
        }

        var policy = policies.Find(DeliveryPolicy.NameIn(route.Config.Metadata));
        if (policy.HoldOutStore && policy.Delivery != DeliveryMode.Off && visitors.Of(context, policy.HoldOut).Arm == Arm.HeldOut)
        {
            return Off with { ChangesBody = beacons.IsOn && beacons.MayTag(context, policy) };
        }

        // What the proxy fetches itself it would only have to decode again.
        var encodes = policy.Compression && context.Features.Get<RequestNotes>() is not { IsLearning: true };
        return new HttpCacheRules(policy.Cache, policy.DebugHeader, route.Config.RouteId, encodes, route.Config.RouteId)
        {
            ChangesBody = beacons.IsOn && beacons.MayTag(context, policy),
        };
    }
}
