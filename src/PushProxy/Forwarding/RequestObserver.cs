using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PushProxy.Client;
using PushProxy.Client.Arms;
using PushProxy.Forwarding.Beacon;
using PushProxy.Forwarding.Shells;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Tells the parts of the proxy of each GET and of its answer, whoever gives it: the origin or the store.</summary>
internal sealed class RequestObserver(
    PageFlow pages, NoPage noPage, ShellFlow shells, ResourceObserver resources, TrafficObserver traffic, ViewClock clock,
    BeaconPages beacons)
{
    /// <summary>A GET is about to be answered. What is known about its page goes to the client now.</summary>
    /// <param name="http">The request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policy">The policy that the route names.</param>
    public void Came(HttpContext http, string route, string? policy)
    {
        if (http.Features.Get<RequestNotes>() is not null)
        {
            // The proxy makes it itself, or it is asked for once more.
            return;
        }

        var request = new ProxiedRequest { Connection = ClientConnections.Find(http), CacheCookie = OwnCookie.Of(http) };
        http.Features.Set<RequestNotes>(request);
        if (request.Connection is { HasHinted: true } connection)
        {
            connection.Requested(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        }

        resources.ObserveRequest(http);
        pages.BeforeForwarding(http, request, route, policy);
    }

    /// <summary>The answer to a GET has come. Its header fields have not left yet.</summary>
    /// <param name="http">The request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policy">The policy that the route names.</param>
    /// <param name="setCookie">The origin's Set-Cookie fields, without those of the proxy.</param>
    /// <returns>False if the answer was to a promised request, is not what was promised, and was ended.</returns>
    public bool Answered(HttpContext http, string route, string? policy, StringValues setCookie)
    {
        var setsCookies = setCookie.Count > 0;
        var request = ProxiedRequest.Find(http);
        if (resources.ObservePushed(http, request?.Connection, setsCookies, isOrigins: true, out var givenUp))
        {
            if (!givenUp)
            {
                clock.Answering(http, request?.Connection, isPromised: true);
            }

            return !givenUp;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK && HtmlType.Is(http.Response.ContentType)
            && request is not null && !IsDownload(http.Response.Headers.ContentDisposition))
        {
            if (beacons.IsOn)
            {
                // It comes next to the client, so that all others read what the origin has sent.
                beacons.PageCame(http, route, policy);
            }

            pages.PageCame(http, request, route, policy, setCookie);
            return true;
        }

        if (request?.Page is { } record)
        {
            noPage.Came(http, record, policy);
            if (request.Shell is { } shell)
            {
                shells.NoPageCame(http, shell);
            }
        }

        clock.Answering(http, request?.Connection, isPromised: false);
        resources.Observe(http, request?.Connection, setsCookies);
        traffic.Observe(http, request?.Connection, ResourceAnswer.Excludes(http.Response, setsCookies, wasPromised: false));
        return true;
    }

    // A browser saves it instead of displaying it (RFC 6266 §4.2).
    private static bool IsDownload(StringValues disposition) =>
        disposition.ToString().AsSpan().TrimStart().StartsWith("attachment", StringComparison.OrdinalIgnoreCase);
}
