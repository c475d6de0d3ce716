using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Forwarding;

/// <summary>Says where routes lead: to the addresses of their clusters' destinations.</summary>
internal static class RouteDestinations
{
    /// <returns>The addresses of each route, in alphabetical order.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(IEnumerable<IProxyConfigProvider> providers)
    {
        var configs = providers.Select(static p => p.GetConfig()).ToList();
        var clusters = configs.SelectMany(static c => c.Clusters).ToLookup(static c => c.ClusterId, StringComparer.OrdinalIgnoreCase);
        return configs.SelectMany(static c => c.Routes)
            .GroupBy(static r => r.RouteId, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static r => r.Key, r => AddressesOf(r.SelectMany(route => clusters[route.ClusterId ?? ""])));
    }

    private static IReadOnlyList<string> AddressesOf(IEnumerable<ClusterConfig> clusters) =>
    [
        .. clusters.SelectMany(static c => c.Destinations?.Values ?? []).Select(static d => d.Address)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
    ];
}
