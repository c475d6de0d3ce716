using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Sends routes that name no cluster to the site of <c>PushProxy:Origin</c>, so that they can add transforms or a policy.
/// </summary>
internal sealed class OriginFilter : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        new(route.ClusterId is null ? OriginRoute.Adopt(route) : route);
}
