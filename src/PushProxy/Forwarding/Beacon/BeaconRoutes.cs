using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>Finds the route that a script's path stands for.</summary>
internal sealed class BeaconRoutes(IProxyStateLookup proxy, PolicyTable policies)
{
    /// <summary>Returns the route; null if there is none with a beacon on this host. Then the path is the origin's.</summary>
    /// <param name="hash">What stands for it.</param>
    /// <param name="host">The host of the request.</param>
    public RouteModel? Find(string hash, HostString host)
    {
        foreach (var route in proxy.GetRoutes())
        {
            if (policies.Find(DeliveryPolicy.NameIn(route.Config.Metadata)).TagsPages && IsOn(route.Config.Match.Hosts, host)
                && BeaconScript.RouteHash(route.Config.RouteId) == hash)
            {
                return route;
            }
        }

        return null;
    }

    // As routing matches them: any port if none is stated, and "*." for names below.
    private static bool IsOn(IReadOnlyList<string>? patterns, HostString host)
    {
        if (patterns is null or { Count: 0 })
        {
            return true;
        }

        foreach (var pattern in patterns)
        {
            var wanted = new HostString(pattern);
            var isHost = wanted.Host == "*" || wanted.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
                || (wanted.Host.StartsWith("*.", StringComparison.Ordinal)
                    && host.Host.EndsWith(wanted.Host[1..], StringComparison.OrdinalIgnoreCase));
            if (isHost && (wanted.Port is null || host.Port is null || wanted.Port == host.Port))
            {
                return true;
            }
        }

        return false;
    }
}
