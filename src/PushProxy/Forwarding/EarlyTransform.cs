using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding.Beacon;
using PushProxy.Forwarding.Shells;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The request transform of one route. It runs before a request is forwarded.</summary>
internal sealed class EarlyTransform(
    RequestObserver requests, ShellFlow shells, BeaconPages beacons, string route, string? policy) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return default;
        }

        if (shells.TakeKept(http) is { } kept)
        {
            if (beacons.IsOn)
            {
                beacons.BeganWrong(http);
            }

            // What is answered here is not forwarded.
            return new(kept.AnswerAsync(http));
        }

        requests.Came(http, route, policy);
        var begins = shells.IsOn && ProxiedRequest.Find(http) is { Shell.IsSent: true } request ? request : null;
        if (beacons.IsOn)
        {
            beacons.BeforeForwarding(http, context.ProxyRequest, route, policy, beginsWithShell: begins is not null);
        }

        return begins is not null ? shells.SendAsync(http, begins, context.ProxyRequest, policy) : default;
    }
}
