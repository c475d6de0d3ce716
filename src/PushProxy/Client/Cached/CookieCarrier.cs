using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// Whether a response may carry <see cref="CacheCookie"/>: not when a shared cache may store it and hand it to someone else.
/// </summary>
internal enum CookieCarrier
{
    /// <summary>No shared cache may store it (RFC 9111 §3).</summary>
    Allowed,

    /// <summary>
    /// Once <c>private</c> is added to it (<see cref="CookieCarrierRule.MakePrivate"/>). A shared cache may store it, if only to validate
    /// it or by a guess at its lifetime; the origin asked for neither, and a browser does not heed <c>private</c>.
    /// </summary>
    AllowedOncePrivate,

    /// <summary>The cookie is Secure, the request is not.</summary>
    NotSecure,

    /// <summary>Neither GET nor HEAD.</summary>
    NotRetrieval,

    /// <summary>
    /// A 304 renews the header fields of what a shared cache has stored (RFC 9111 §4.3.4), and what that was it does not say.
    /// </summary>
    NotModified,

    /// <summary>The origin says for how long, or for whom, it may be stored, in a way that lets shared caches.</summary>
    SharedByOrigin,

    /// <summary>
    /// The request came by way of an intermediary, which may be a shared cache, and only <c>private</c> would keep it from storing.
    /// </summary>
    BehindIntermediary,
}

/// <summary>Decides it.</summary>
internal static class CookieCarrierRule
{
    /// <param name="request">Its scheme, method, Authorization, and traces of intermediaries count.</param>
    /// <param name="status">Of the response.</param>
    /// <param name="response">The header fields as the client would get them.</param>
    public static CookieCarrier Of(HttpRequest request, int status, IHeaderDictionary response)
    {
        if (!request.IsHttps)
        {
            return CookieCarrier.NotSecure;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return CookieCarrier.NotRetrieval;
        }

        // 1. What the origin tells shared caches. Fields of their own overrule Cache-Control (RFC 9213 §2.2), whatever they say.
        var control = CacheControl.Parse(response.CacheControl);
        if (control.Public || control.SharedMaxAge || control.IsBroken
            || response.ContainsKey("CDN-Cache-Control") || response.ContainsKey("Surrogate-Control"))
        {
            return CookieCarrier.SharedByOrigin;
        }

        // 2. What forbids them to store (RFC 9111 §3, §3.5).
        if (control.NoStore || control.Private || (request.Headers.Authorization.Count > 0 && !control.MustRevalidate))
        {
            return CookieCarrier.Allowed;
        }

        if (status == StatusCodes.Status304NotModified)
        {
            return CookieCarrier.NotModified;
        }

        // 3. A lifetime, unless it is none: no-cache, max-age=0 and an Expires of now or earlier are how origins keep caches off.
        var hasMaxAge = control.MaxAge is not null || control.MaxAgeIsInvalid;
        var hasLifetime = hasMaxAge ? control.MaxAge > 0 || control.MaxAgeIsInvalid : response.Expires.Count > 0 && IsAfterDate(response);
        if (hasLifetime && !control.NoCache)
        {
            return CookieCarrier.SharedByOrigin;
        }

        // 4. What no cache stores without being told a lifetime (RFC 9110 §15.1).
        if (!hasMaxAge && response.Expires.Count == 0 && !IsHeuristicallyCacheable(status))
        {
            return CookieCarrier.Allowed;
        }

        return Intermediary.IsBefore(request.Headers) ? CookieCarrier.BehindIntermediary : CookieCarrier.AllowedOncePrivate;
    }

    /// <summary>Adds <c>private</c> (RFC 9111 §5.2.2.7) to what Cache-Control says.</summary>
    public static void MakePrivate(IHeaderDictionary response) =>
        response.CacheControl = response.CacheControl.Count == 0 ? "private" : string.Concat(response.CacheControl.ToString(), ", private");

    private static bool IsAfterDate(IHeaderDictionary response) =>
        HttpDate.Parse(response.Expires) is { } expires && (HttpDate.Parse(response.Date) is not { } date || expires > date);

    private static bool IsHeuristicallyCacheable(int status) =>
        status is 200 or 203 or 204 or 206 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;
}
