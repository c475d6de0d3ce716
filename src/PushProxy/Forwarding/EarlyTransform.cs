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
        TakeCacheCookie(context, http);
        if (HttpMethods.IsGet(http.Request.Method) && http.Features.Get<LearningRequest>() is null)
        {
            resources.ObserveRequest(http);
            early.Begin(http, route, policy);
        }

        return default;
    }

    /// <summary>
    /// What the proxy told the client to remember is nobody else's business: neither the origin sees it, nor does it make a visitor a
    /// known one.
    /// </summary>
    private static void TakeCacheCookie(RequestTransformContext context, HttpContext http)
    {
        var cookies = http.Request.Headers.Cookie;
        if (cookies.Count == 0 || !CookieHeader.TryFind(cookies, out var value))
        {
            return;
        }

        http.Features.Set(new TakenCookie(value.ToString()));
        http.Request.Headers.Cookie = CookieHeader.Remove(cookies);
        var forwarded = CookieHeader.Remove(TakeHeader(context, Cookie));
        if (forwarded.Count > 0)
        {
            AddHeader(context, Cookie, forwarded);
        }
    }
}
