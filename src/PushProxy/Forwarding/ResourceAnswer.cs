using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Reads what the answer for a resource says about delivering it to others.</summary>
internal static class ResourceAnswer
{
    /// <returns>
    /// <see cref="ResourceSkip.Missing"/>, <see cref="ResourceSkip.PrivateResource"/>, or <see cref="ResourceSkip.None"/> if the resource
    /// may be delivered; null if the answer is no evidence, because one client or one moment may have caused it.
    /// </returns>
    public static ResourceSkip? Excludes(HttpResponse response, bool setsCookies, bool wasPromised) => response.StatusCode switch
    {
        StatusCodes.Status200OK or StatusCodes.Status304NotModified =>
            setsCookies || IsPrivate(response.Headers.CacheControl) ? ResourceSkip.PrivateResource : ResourceSkip.None,

        // A redirect is not the resource that the page names. What is forbidden to one client must not be pushed to others.
        301 or 302 or 303 or 307 or 308 or 401 or 403 or 404 or 410 => ResourceSkip.Missing,

        // A promise that could not be kept is not made again.
        _ => wasPromised ? ResourceSkip.Missing : null,
    };

    // no-store and private (RFC 9111 §5.2.2.5, §5.2.2.7). An argument of private names single fields. It is so rare that the whole response
    // counts as private. A broken field may have meant either directive.
    private static bool IsPrivate(StringValues cacheControl) =>
        CacheControl.Parse(cacheControl) is { NoStore: true } or { AnyPrivate: true } or { IsBroken: true };
}
