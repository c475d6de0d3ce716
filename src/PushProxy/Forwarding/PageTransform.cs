using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Client;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace PushProxy.Forwarding;

/// <summary>The response transform of one route. Responses that are not HTML pages are left alone after a few comparisons.</summary>
internal sealed class PageTransform(
    PageFlow pages, NoPage noPage, ResourceObserver resources, TrafficObserver traffic, ClientIdentities clients, string route,
    string? policy)
        : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var http = context.HttpContext;

        // Forwarding that has failed has no response here, so its feature need not be looked for: that would cost every response.
        if (context.ProxyResponse is not { } response || http.RequestAborted.IsCancellationRequested)
        {
            // The origin did not answer, or nobody is left to read its answer. Nothing is learned from that. A client takes a pushed
            // response for the resource itself, so it is better if the client requests it again.
            if (ProxiedRequest.Find(http) is { } unanswered && PushedResponse.Find(http, unanswered.Connection) is not null)
            {
                PushedResponse.GiveUp(http);
            }

            return default;
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

        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return default;
        }

        var request = ProxiedRequest.Find(http);
        if (resources.ObservePushed(http, request?.Connection, setsCookies, isOrigins: true, out var givenUp))
        {
            context.SuppressResponseBody = givenUp;
            return default;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK && HtmlType.Is(http.Response.ContentType)
            && request is not null && !IsDownload(http.Response.Headers.ContentDisposition))
        {
            pages.PageCame(http, request, route, policy, setCookie);
            return default;
        }

        if (request?.Page is { } record)
        {
            noPage.Came(http, record, policy);
        }

        resources.Observe(http, request?.Connection, setsCookies);
        traffic.Observe(http, request?.Connection, ResourceAnswer.Excludes(http.Response, setsCookies, wasPromised: false));
        return default;
    }

    // A browser saves it instead of displaying it (RFC 6266 §4.2).
    private static bool IsDownload(StringValues disposition) =>
        disposition.ToString().AsSpan().TrimStart().StartsWith("attachment", StringComparison.OrdinalIgnoreCase);
}
