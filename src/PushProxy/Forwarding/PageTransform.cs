using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Forwarding.Shells;
using PushProxy.Knowledge;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The response transform of one route. Responses that are not HTML pages are left alone after a few comparisons.</summary>
internal sealed class PageTransform(
    RequestObserver requests, ShellFlow shells, ClientIdentities clients, string route, string? policy) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (shells.IsOn && context.ProxyResponse is not null
            && ProxiedRequest.Find(context.HttpContext)?.ShellResponse is { } begun)
        {
            return JudgeAsync(begun, context);
        }

        Apply(context);
        return default;
    }

    // Before anything is added for one client.
    private async ValueTask JudgeAsync(ShellResponse begun, ResponseTransformContext context)
    {
        await begun.JudgeAsync();
        Apply(context);
    }

    private void Apply(ResponseTransformContext context)
    {
        var http = context.HttpContext;
        var cache = http.Features.Get<IHttpCacheFeature>();

        // Forwarding that has failed has no response here, so its feature need not be looked for: that would cost every response.
        if (context.ProxyResponse is not { } response || http.RequestAborted.IsCancellationRequested)
        {
            cache?.DoNotStore();
            if (cache?.TakeHead() == false)
            {
                return;
            }

            // The origin did not answer, or nobody is left to read its answer. Nothing is learned from that. A client takes a pushed
            // response for the resource itself, so it is better if the client requests it again.
            if (ProxiedRequest.Find(http) is { } unanswered && PushedResponse.Find(http, unanswered.Connection) is not null)
            {
                PushedResponse.GiveUp(http);
            }

            return;
        }

        // Session affinity adds cookies of the proxy itself. They say nothing about the origin's response.
        var setCookie = http.Response.Headers.SetCookie.Count > 0 && response.Headers.NonValidated.TryGetValues("Set-Cookie", out var set)
            ? new StringValues([.. set]) : default;
        var setsCookies = setCookie.Count > 0;
        if (setsCookies)
        {
            var isMember = PageAudience.IsMember(http.Request);
            clients.Issue(setCookie, isMember ? null : ConnectionKey.Of(http));
            if (isMember)
            {
                clients.Renew(clients.Of(http.Request.Headers), setCookie);
            }
        }

        // What is stored is the origin's response, without what is added for one client. A 304 to the store is no answer to this client.
        if (HttpMethods.IsGet(http.Request.Method) && cache?.TakeHead() != false
            && !requests.Answered(http, route, policy, setCookie))
        {
            context.SuppressResponseBody = true;
        }
    }
}
