using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Client.Cached;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The request transform of one route. It runs before a request is forwarded.</summary>
internal sealed class EarlyTransform(PageFlow pages, ResourceObserver resources, string route, string? policy) : RequestTransform
{
    private const string Cookie = "Cookie";

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var http = context.HttpContext;
        var cookie = TakeCacheCookie(context, http);
        if (HttpMethods.IsGet(http.Request.Method) && http.Features.Get<RequestNotes>() is not { IsLearning: true })
        {
            var request = new ProxiedRequest { Connection = ClientConnections.Find(http), CacheCookie = cookie };
            http.Features.Set<RequestNotes>(request);
            resources.ObserveRequest(http);
            pages.BeforeForwarding(http, request, route, policy);
        }

        return default;
    }

    /// <summary>
    /// Removes the proxy's own cookie from the request. The origin does not see it, and it does not make a visitor a known one.
    /// </summary>
    /// <returns>The value of the cookie; null if the request has no such cookie.</returns>
    private static string? TakeCacheCookie(RequestTransformContext context, HttpContext http)
    {
        var cookies = http.Request.Headers.Cookie;
        if (cookies.Count == 0 || !CookieHeader.TryFind(cookies, out var value))
        {
            return null;
        }

        var taken = value.ToString();
        http.Request.Headers.Cookie = CookieHeader.Remove(cookies);
        var forwarded = CookieHeader.Remove(TakeHeader(context, Cookie));
        if (forwarded.Count > 0)
        {
            AddHeader(context, Cookie, forwarded);
        }

        return taken;
    }
}
