using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Client;
using PushProxy.Http2;

namespace PushProxy.Forwarding;

/// <summary>The response to a promised request: paced, and given up when it is not what was promised.</summary>
internal static class PushedResponse
{
    /// <summary>RFC 9113 §7: "used by an endpoint to indicate that the stream is no longer needed".</summary>
    private const int Cancel = 8;

    /// <summary>The push that this request carries out; null for the client's own.</summary>
    public static PushedResource? Find(HttpContext http, ClientConnection? connection) =>
        connection is { HasPushed: true } && http.ServerPush().Promised is not null
            ? connection.UnderWay(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            : null;

    /// <summary>The hint that this request follows; null when it follows none.</summary>
    public static PushedResource? FindHinted(HttpContext http, ClientConnection? connection) =>
        connection is { HasHinted: true } ? connection.TakeHinted(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) : null;

    /// <summary>Lets the body out when its turn comes.</summary>
    public static void Pace(HttpContext http, ClientConnection connection, PushedResource pushed)
    {
        var inner = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(new PacedBody(inner, connection.Schedule, pushed.Order, http.RequestAborted));
    }

    /// <summary>Ends the push: nothing but its promise was spent.</summary>
    public static void GiveUp(HttpContext http)
    {
        if (http.Features.Get<IHttpResetFeature>() is { } reset)
        {
            reset.Reset(Cancel);
        }
        else
        {
            http.Abort();
        }
    }
}
