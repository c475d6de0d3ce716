using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// Whether a response may carry <see cref="CacheCookie"/>. It may not if a shared cache could store the response and give it to someone
/// else.
/// </summary>
internal enum CookieCarrier
{
    /// <summary>No shared cache may store the response (RFC 9111 §3).</summary>
    Allowed,

    /// <summary>
    /// The response may carry the cookie after <c>private</c> is added to it (<see cref="CookieCarrierRule.MakePrivate"/>). A shared cache
    /// could store it, only to validate it or with a guessed lifetime. The origin asked for neither, and browsers ignore <c>private</c>.
    /// </summary>
    AllowedOncePrivate,

    /// <summary>The cookie is Secure, but the request is not.</summary>
    NotSecure,

    /// <summary>The request is neither GET nor HEAD.</summary>
    NotRetrieval,

    /// <summary>
    /// The response is a 304. It renews the header fields of a response that a shared cache has stored (RFC 9111 §4.3.4), and does not say
    /// what that response was.
    /// </summary>
    NotModified,

    /// <summary>The origin states a lifetime or an audience that allows shared caches to store the response.</summary>
    SharedByOrigin,

    /// <summary>
    /// The request came through an intermediary, which may be a shared cache. Only <c>private</c> would keep it from storing the response.
    /// </summary>
    BehindIntermediary,
}

/// <summary>Decides whether a response may carry the cookie.</summary>
internal static class CookieCarrierRule
{
    /// <param name="request">The request. Its scheme, method, Authorization and traces of intermediaries count.</param>
    /// <param name="status">The status code of the response.</param>
    /// <param name="response">The header fields, as the client would get them.</param>
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

        // The origin addresses shared caches. Fields made for them override Cache-Control (RFC 9213 §2.2), whatever they say.
        var control = CacheControl.Parse(response.CacheControl);
        if (control.Public || control.SharedMaxAge || control.IsBroken
            || response.ContainsKey("CDN-Cache-Control") || response.ContainsKey("Surrogate-Control"))
        {
            return CookieCarrier.SharedByOrigin;
        }

        // The origin forbids shared caches to store the response (RFC 9111 §3, §3.5).
        if (control.NoStore || control.Private || (request.Headers.Authorization.Count > 0 && !control.MustRevalidate))
        {
            return CookieCarrier.Allowed;
        }

        if (status == StatusCodes.Status304NotModified)
        {
            return CookieCarrier.NotModified;
        }

        // The origin states a lifetime. no-cache, max-age=0 and an Expires of now or earlier do not count, because origins use them to keep
        // caches off.
        var hasMaxAge = control.MaxAge is not null || control.MaxAgeIsInvalid;
        var hasLifetime = hasMaxAge ? control.MaxAge > 0 || control.MaxAgeIsInvalid : response.Expires.Count > 0 && IsAfterDate(response);
        if (hasLifetime && !control.NoCache)
        {
            return CookieCarrier.SharedByOrigin;
        }

        // No cache stores a response with this status unless it states a lifetime (RFC 9110 §15.1).
        if (!hasMaxAge && response.Expires.Count == 0 && !IsHeuristicallyCacheable(status))
        {
            return CookieCarrier.Allowed;
        }

        return Intermediary.IsBefore(request.Headers) ? CookieCarrier.BehindIntermediary : CookieCarrier.AllowedOncePrivate;
    }

    /// <summary>Adds <c>private</c> (RFC 9111 §5.2.2.7) to Cache-Control. No list gets an empty element (RFC 9110 §5.6.1.1).</summary>
    public static void MakePrivate(IHeaderDictionary response)
    {
        var control = response.CacheControl.ToString().AsSpan().TrimEnd(" \t,");
        response.CacheControl = control.Trim(" \t,").IsEmpty ? "private" : string.Concat(control, ", private");
    }

    private static bool IsAfterDate(IHeaderDictionary response) =>
        HttpDate.Parse(response.Expires) is { } expires && (HttpDate.Parse(response.Date) is not { } date || expires > date);

    private static bool IsHeuristicallyCacheable(int status) =>
        status is 200 or 203 or 204 or 206 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;
}
