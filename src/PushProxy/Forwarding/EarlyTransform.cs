using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding.Shells;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The request transform of one route. It runs before a request is forwarded.</summary>
internal sealed class EarlyTransform(RequestObserver requests, ShellFlow shells, string route, string? policy) : RequestTransform
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
            // What is answered here is not forwarded.
            return new(kept.AnswerAsync(http));
        }

        requests.Came(http, route, policy);
        return shells.IsOn && ProxiedRequest.Find(http) is { Shell.IsSent: true } request
            ? shells.SendAsync(http, request, context.ProxyRequest, policy) : default;
    }
}
