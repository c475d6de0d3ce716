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
    /// <param name="setsCookies">Whether the origin sets cookies with the response.</param>
    /// <param name="setCookie">The response's Set-Cookie fields.</param>
    public static Audience Of(bool isMember, bool setsCookies, StringValues setCookie) =>
        isMember ? Audience.Members
        : setsCookies && ClientIdentities.Identifies(setCookie) ? Audience.Newcomers
        : Audience.Everyone;
}
