using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>One route's view of the responses that pass. What is no HTML page is left alone after a few comparisons.</summary>
internal sealed class PageTransform(
    PageFlow pages, ResourceObserver resources, TrafficObserver traffic, ClientIdentities clients, string route, string? policy)
        : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var http = context.HttpContext;
        if (context.ProxyResponse is not { } response)
        {
            // The origin gave no answer. A client takes what is pushed for what the resource is: better it asks itself.
            if (ProxiedRequest.Find(http) is { } unanswered && PushedResponse.Find(http, unanswered.Connection) is not null)
            {
                PushedResponse.GiveUp(http);
            }

            return default;
        }

        // Session affinity adds cookies of the proxy's own; they say nothing of what the origin thinks of its response.
        var setsCookies = http.Response.Headers.SetCookie.Count > 0 && response.Headers.NonValidated.Contains("Set-Cookie");
        if (setsCookies && PageAudience.IsMember(http.Request))
        {
            clients.Renew(clients.Of(http.Request.Headers), http.Response.Headers.SetCookie);
        }

        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return default;
        }

        var request = ProxiedRequest.Find(http);
        if (resources.ObservePushed(http, request?.Connection, setsCookies, out var givenUp))
        {
            context.SuppressResponseBody = givenUp;
            return default;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK && HtmlType.Is(http.Response.ContentType) && request is not null)
        {
            pages.PageCame(http, request, route, policy, setsCookies);
            return default;
        }

        if (request?.Page is { } record)
        {
            pages.NoPageCame(http, record, policy);
        }

        resources.Observe(http, request?.Connection, setsCookies);
        traffic.Observe(http, request?.Connection, ResourceAnswer.Excludes(http.Response, setsCookies, wasPromised: false));
        return default;
    }
}
