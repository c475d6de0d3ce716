using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>One route's view of the responses that pass. What is no HTML page is left alone after a few comparisons.</summary>
internal sealed class PageTransform(PageHandler pages, string route, string? policy) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var http = context.HttpContext;
        if (context.ProxyResponse is null || !HttpMethods.IsGet(http.Request.Method))
        {
            return default;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK && HtmlType.Is(http.Response.ContentType))
        {
            pages.Handle(http, route, policy);
        }
        else
        {
            pages.ObserveResource(http);
            if (http.Response.StatusCode == StatusCodes.Status304NotModified)
            {
                pages.HandleNotModified(http, route, policy);
            }
        }

        return default;
    }
}
