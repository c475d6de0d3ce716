using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>One route's view of the requests that are about to be forwarded.</summary>
internal sealed class EarlyTransform(EarlyDelivery early, string route, string? policy) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        if (HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            early.Begin(context.HttpContext, route, policy);
        }

        return default;
    }
}
