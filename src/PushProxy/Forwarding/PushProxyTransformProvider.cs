using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Forwarding;

/// <summary>Joins PushProxy to every YARP route: the last response transform, so that it sees the headers as the client will.</summary>
internal sealed class PushProxyTransformProvider(PageHandler pages, PolicyTable policies) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        if (PolicyName(context.Route.Metadata) is { } name && !policies.Contains(name))
        {
            context.Errors.Add(new ArgumentException(
                $"Route '{context.Route.RouteId}' names the policy '{name}' in its metadata '{DeliveryPolicy.MetadataKey}', but there is none in PushProxy:Policies."));
        }
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context) =>
        context.ResponseTransforms.Add(new PageTransform(pages, context.Route.RouteId, PolicyName(context.Route.Metadata)));

    private static string? PolicyName(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(DeliveryPolicy.MetadataKey, out var name) ? name : null;
}
