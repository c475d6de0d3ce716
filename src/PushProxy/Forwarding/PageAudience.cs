using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Finds out for whom a page is made, by what request and response say.</summary>
internal static class PageAudience
{
    /// <summary>Returns whether the site knows the client, as far as the request says.</summary>
    public static bool IsMember(HttpRequest request) => request.Headers.Cookie.Count > 0 || request.Headers.Authorization.Count > 0;

    /// <param name="isMember">Whether the request carries cookies or authorization.</param>
    /// <param name="setCookie">The origin's Set-Cookie fields.</param>
    /// <param name="cacheControl">The response's Cache-Control fields.</param>
    /// <param name="clients">Says which cookies identify a client.</param>
    public static Audience Of(bool isMember, StringValues setCookie, StringValues cacheControl, ClientIdentities clients) =>
        isMember ? Audience.Members
        : setCookie.Count > 0 && clients.Identifies(setCookie) ? Audience.Newcomers
        : IsForOne(cacheControl) ? Audience.Newcomers
        : Audience.Everyone;

    // What no shared cache may keep may be one visitor's own (RFC 9111 §5.2.2.5, §5.2.2.7).
    private static bool IsForOne(StringValues cacheControl) =>
        cacheControl.Count > 0 && CacheControl.Parse(cacheControl) is { NoStore: true } or { Private: true };
}
