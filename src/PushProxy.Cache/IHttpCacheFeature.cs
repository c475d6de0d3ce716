using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache;

/// <summary>
/// What code between the cache and the origin can tell the cache about a response on its way. It is a feature of requests whose response
/// may be stored.
/// </summary>
public interface IHttpCacheFeature
{
    /// <summary>
    /// The body as the client of the request gets it. Others may get the same response at another speed. Wrap it to pace or to observe what
    /// this client gets.
    /// </summary>
    IHttpResponseBodyFeature ClientBody { get; set; }

    /// <summary>
    /// Takes the status and the fields of the response as they are now. Call it before anything is added for one client alone. Without a
    /// call, they are taken when the body begins. What is registered with OnStarting before the call changes what was taken, when it runs.
    /// </summary>
    /// <returns>False if the client does not get this response, but one from the store: it is a 304 or an error.</returns>
    bool TakeHead();

    /// <summary>Forbids to store the response, for example because forwarding has failed. It makes no difference after its end.</summary>
    void DoNotStore();
}
