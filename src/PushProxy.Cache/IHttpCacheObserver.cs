using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache;

/// <summary>Sees the responses that the cache gives itself. What forwards a request sees those of the origin.</summary>
public interface IHttpCacheObserver
{
    /// <summary>
    /// A stored response is about to be sent. Its status and fields are set, and may be added to; its body is not written yet.
    /// </summary>
    /// <param name="context">The request and the response.</param>
    /// <returns>False if the response must not be sent; then the observer has ended it.</returns>
    bool Answering(HttpContext context);
}
