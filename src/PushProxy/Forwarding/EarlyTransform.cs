using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The request transform of one route. It runs before a request is forwarded.</summary>
internal sealed class EarlyTransform(RequestObserver requests, string route, string? policy) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        if (HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            requests.Came(context.HttpContext, route, policy);
        }

        return default;
    }
}
