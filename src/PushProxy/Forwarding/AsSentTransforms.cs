using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Forwarding;

/// <summary>
/// Wraps YARP's transform builder, so that <see cref="AsSentTransformer"/> runs after all transforms of a route, also after those of
/// providers that an application registers later.
/// </summary>
internal sealed class AsSentTransforms(ITransformBuilder inner, PolicyTable policies) : ITransformBuilder
{
    /// <summary>Puts the wrapper in the place of the builder that <c>AddReverseProxy()</c> has registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var builder = services.LastOrDefault(static service => service.ServiceType == typeof(ITransformBuilder));
        if (builder?.ImplementationType is { } type)
        {
            services.Remove(builder);
            services.AddSingleton<ITransformBuilder>(provider => new AsSentTransforms(
                (ITransformBuilder)ActivatorUtilities.CreateInstance(provider, type), provider.GetRequiredService<PolicyTable>()));
        }
    }

    public IReadOnlyList<Exception> ValidateRoute(RouteConfig route) => inner.ValidateRoute(route);

    public IReadOnlyList<Exception> ValidateCluster(ClusterConfig cluster) => inner.ValidateCluster(cluster);

    public HttpTransformer Build(RouteConfig route, ClusterConfig? cluster) =>
        new AsSentTransformer(inner.Build(route, cluster), policies, route.Metadata);

    public HttpTransformer Create(Action<TransformBuilderContext> action) => inner.Create(action);
}
