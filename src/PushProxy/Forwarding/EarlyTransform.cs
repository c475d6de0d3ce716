using Microsoft.AspNetCore.Http;
using PushProxy.ClientCache;
using PushProxy.Learning;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>One route's view of the requests that are about to be forwarded.</summary>
internal sealed class EarlyTransform(EarlyDelivery early, ResourceObserver resources, string route, string? policy) : RequestTransform
{
    private const string Cookie = "Cookie";

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var http = context.HttpContext;
        var cacheCookie = TakeCacheCookie(context, http.Request);
        if (HttpMethods.IsGet(http.Request.Method) && http.Features.Get<LearningRequest>() is null)
        {
            resources.ObserveRequest(http);
            early.Begin(http, route, policy, cacheCookie);
        }

        return default;
    }

    /// <summary>
    /// What the proxy told the client to remember is nobody else's business: neither the origin sees it, nor does it make a visitor a
    /// known one.
    /// </summary>
    private static string? TakeCacheCookie(RequestTransformContext context, HttpRequest request)
    {
        var cookies = request.Headers.Cookie;
        if (cookies.Count == 0 || !CookieHeader.TryFind(cookies, out var value))
        {
            return null;
        }

        var text = value.ToString();
        request.Headers.Cookie = CookieHeader.Remove(cookies);
        var forwarded = CookieHeader.Remove(TakeHeader(context, Cookie));
        if (forwarded.Count > 0)
        {
            AddHeader(context, Cookie, forwarded);
        }

        return text;
    }
}
