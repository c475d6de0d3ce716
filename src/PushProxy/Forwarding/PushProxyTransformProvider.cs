using Microsoft.Extensions.Options;
using PushProxy.Forwarding.Beacon;
using PushProxy.Forwarding.Shells;
using PushProxy.Knowledge;
using PushProxy.Learning;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Forwarding;

/// <summary>
/// Adds PushProxy to every YARP route. It runs before the request leaves, and as the last response transform, so that it sees the headers
/// as the client will.
/// </summary>
internal sealed class PushProxyTransformProvider(
    RequestObserver requests, ShellFlow shells, BeaconPages beacons, ClientIdentities clients, PolicyTable policies, DestinationNames names,
    IOptionsFactory<PushProxyOptions> options) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // When the configuration changes, YARP and the policy table learn of it in no certain order. So a policy that a route names may be
        // in the new configuration before it is in force.
        if (DeliveryPolicy.NameIn(context.Route.Metadata) is { } name
            && !policies.Contains(name) && !options.Create(Options.DefaultName).Policies.ContainsKey(name))
        {
            context.Errors.Add(new ArgumentException(
                $"Route '{context.Route.RouteId}' names the policy '{name}' in its metadata '{DeliveryPolicy.MetadataKey}', "
                + "but PushProxy:Policies does not contain it."));
        }
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        var policy = DeliveryPolicy.NameIn(context.Route.Metadata);
        context.RequestTransforms.Add(new EarlyTransform(requests, shells, beacons, context.Route.RouteId, policy));
        context.ResponseTransforms.Add(new ConnectionFieldsTransform());
        context.ResponseTransforms.Add(new PublicNameTransform(names));
        context.ResponseTransforms.Add(new PageTransform(requests, shells, clients, context.Route.RouteId, policy));
    }
}
