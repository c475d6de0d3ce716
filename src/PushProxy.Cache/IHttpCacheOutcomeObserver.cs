using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache;

/// <summary>Learns how the cache answered each request, for example for an access log. Without one, this costs nothing.</summary>
public interface IHttpCacheOutcomeObserver
{
    /// <summary>It has become clear how a request is answered. The response may be complete by then.</summary>
    /// <param name="context">The request.</param>
    /// <param name="outcome">
    /// The word that the metrics have in the tag <c>outcome</c>: <c>hit</c>, <c>stale</c>, <c>stale-on-error</c>, <c>revalidated</c>,
    /// <c>coalesced</c>, <c>stored</c>, <c>miss</c> or <c>bypass</c>.
    /// </param>
    void Answered(HttpContext context, string outcome);
}
