using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>What the answer for a resource says of delivering it to others.</summary>
internal static class ResourceAnswer
{
    /// <returns>
    /// <see cref="ResourceSkip.Missing"/>, <see cref="ResourceSkip.PrivateResource"/>, <see cref="ResourceSkip.None"/> for one that may be
    /// delivered; null for an answer that is no evidence of either, for one client or one moment may have caused it.
    /// </returns>
    public static ResourceSkip? Excludes(HttpResponse response, bool setsCookies, bool wasPromised) => response.StatusCode switch
    {
        StatusCodes.Status200OK or StatusCodes.Status304NotModified =>
            setsCookies || IsPrivate(response.Headers.CacheControl) ? ResourceSkip.PrivateResource : ResourceSkip.None,

        // What redirects is not what the page names, and what is forbidden to one who asks is nothing to push to others.
        301 or 302 or 303 or 307 or 308 or 401 or 403 or 404 or 410 => ResourceSkip.Missing,

        // A promise is not made again for what could not be kept.
        _ => wasPromised ? ResourceSkip.Missing : null,
    };

    // RFC 9111 §5.2.2.5 and §5.2.2.7; an argument of private names fields, and is rare enough to be taken for the whole. What is broken may
    // have been meant as either.
    private static bool IsPrivate(StringValues cacheControl) =>
        CacheControl.Parse(cacheControl) is { NoStore: true } or { AnyPrivate: true } or { IsBroken: true };
}
