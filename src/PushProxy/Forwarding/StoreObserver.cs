using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// What is answered from the store teaches and delivers like the origin's answers: a page names its resources, and what the client has now
/// is noted.
/// </summary>
internal sealed class StoreObserver(RequestObserver requests) : IHttpCacheObserver
{
    public bool Answering(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not { } route)
        {
            return true;
        }

        var policy = DeliveryPolicy.NameIn(route.Config.Metadata);
        requests.Came(context, route.Config.RouteId, policy);
        if (ProxiedRequest.Find(context) is { Shell: not null } request)
        {
            // One answer of the origin is not to count as many.
            (request.Shell, request.Page!.Shell) = (null, null);
        }

        return requests.Answered(context, route.Config.RouteId, policy, setCookie: default);
    }
}
