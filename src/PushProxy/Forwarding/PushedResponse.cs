using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Http2;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Handles the response to a promised request: paces it, and gives it up if it is not what was promised.</summary>
internal static class PushedResponse
{
    /// <summary>The error code CANCEL, "used by an endpoint to indicate that the stream is no longer needed" (RFC 9113 §7).</summary>
    private const int Cancel = 8;

    /// <summary>Returns the push that this request carries out; null if it is the client's own request.</summary>
    public static PushedResource? Find(HttpContext http, ClientConnection? connection) =>
        connection is { HasPushed: true } && http.ServerPush().Promised is not null
            ? connection.UnderWay(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            : null;

    /// <summary>Returns the hint that this request follows; null if it follows none.</summary>
    public static PushedResource? FindHinted(HttpContext http, ClientConnection? connection) =>
        connection is { HasHinted: true } ? connection.TakeHinted(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) : null;

    /// <summary>
    /// Returns whether a response is what was promised. A client takes a pushed response for the resource itself, and what was learned
    /// about the resource may be outdated.
    /// </summary>
    public static bool IsWhatWasPromised(HttpResponse response, PushedResource pushed, bool setsCookies) =>
        response.StatusCode == StatusCodes.Status200OK
        && MediaKind.Fits(response.ContentType, pushed.Resource.Kind)
        && !(pushed.IsAskedForAnybody && setsCookies)
        && PromiseVaries.Of(response.Headers.Vary) is var vary && (vary & PromiseVary.ByWhatNoPromiseHas) == PromiseVary.None
        && !(pushed.IsAskedForAnybody && vary.HasFlag(PromiseVary.ByAuthorization))
        && pushed.Allows(response.ContentLength ?? 0);

    /// <summary>Sends the body when its turn comes.</summary>
    public static void Pace(HttpContext http, ClientConnection connection, PushedResource pushed)
    {
        pushed.IsReady = true;
        if (http.Features.Get<IHttpCacheFeature>() is { } shared)
        {
            // Others who wait for the same response get it at once.
            shared.ClientBody = new PacedBody(shared.ClientBody, connection, pushed, http);
            return;
        }

        var inner = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(new PacedBody(inner, connection, pushed, http));
    }

    /// <summary>Ends the push. Only its promise was spent.</summary>
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
