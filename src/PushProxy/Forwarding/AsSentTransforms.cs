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
        var builder = services.LastOrDefault(static service => service.ServiceType == typeof(ITransformBuilder))
            ?? throw new InvalidOperationException("AddReverseProxy() has registered no ITransformBuilder.");
        if (!services.Any(static service => service.ServiceType == typeof(AsSentTransforms)))
        {
            services.Remove(builder);
            services.AddSingleton(provider => new AsSentTransforms(Inner(builder, provider), provider.GetRequiredService<PolicyTable>()));
            services.AddSingleton<ITransformBuilder>(static provider => provider.GetRequiredService<AsSentTransforms>());
        }
    }

    private static ITransformBuilder Inner(ServiceDescriptor registered, IServiceProvider provider) => (ITransformBuilder)(
        registered.ImplementationInstance ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));

    public IReadOnlyList<Exception> ValidateRoute(RouteConfig route) => inner.ValidateRoute(route);

    public IReadOnlyList<Exception> ValidateCluster(ClusterConfig cluster) => inner.ValidateCluster(cluster);

    public HttpTransformer Build(RouteConfig route, ClusterConfig? cluster) =>
        new AsSentTransformer(inner.Build(route, cluster), policies, route.Metadata);

    public HttpTransformer Create(Action<TransformBuilderContext> action) => inner.Create(action);
}
