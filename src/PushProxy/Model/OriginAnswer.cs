using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Model;

/// <summary>
/// Tells the origin's answers from those that YARP gives in its place: a 400 for a request that the client has left, a 502 or 504 for an
/// origin that does not answer. Only what the origin itself says is evidence.
/// </summary>
internal static class OriginAnswer
{
    /// <summary>
    /// Returns whether forwarding has failed so far, or the client is gone. Then the status, the fields and the bytes of the response may
    /// not be the origin's, or not all of them, and nothing is learned from them.
    /// </summary>
    public static bool IsBroken(HttpContext http) =>
        http.RequestAborted.IsCancellationRequested || http.Features.Get<IForwarderErrorFeature>() is not null;
}
