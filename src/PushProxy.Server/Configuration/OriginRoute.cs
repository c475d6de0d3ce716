using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>What <c>--origin</c> is short for: one route that catches all that no route of <c>ReverseProxy</c> takes.</summary>
internal static class OriginRoute
{
    private const string Name = RouteChecker.OriginName;

    public static RouteConfig Route { get; } = new()
    {
        RouteId = Name,
        ClusterId = Name,
        Order = int.MaxValue,
        Match = new RouteMatch { Path = "/{**all}" },
        Metadata = new Dictionary<string, string> { [DeliveryPolicy.OriginKey] = "true" },
    };

    /// <summary>A route that goes to the site of <c>--origin</c>, too.</summary>
    public static RouteConfig Adopt(RouteConfig route) => route with
    {
        ClusterId = Name,
        Metadata = new Dictionary<string, string>(route.Metadata ?? Route.Metadata!, StringComparer.OrdinalIgnoreCase)
        {
            [DeliveryPolicy.OriginKey] = "true",
        },
    };

    public static ClusterConfig Cluster(Uri origin) => new()
    {
        ClusterId = Name,
        Destinations = new Dictionary<string, DestinationConfig> { ["origin"] = new() { Address = origin.AbsoluteUri } },
    };
}
