using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Client.Cached;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>One route's view of the requests that are about to be forwarded.</summary>
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
    /// What the proxy told the client to remember is nobody else's business: neither the origin sees it, nor does it make a visitor a
    /// known one.
    /// </summary>
    /// <returns>What it was told; null when there was no such cookie.</returns>
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
