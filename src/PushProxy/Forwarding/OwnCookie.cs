using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PushProxy.Client.Cached;

namespace PushProxy.Forwarding;

/// <summary>
/// Takes the proxy's own cookie out of requests before everything else. The origin does not see it, and it does not make a visitor a known
/// one: not for learning, and not for the store.
/// </summary>
internal sealed class OwnCookie : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(static pipeline => http =>
        {
            Take(http);
            return pipeline(http);
        });
        next(builder);
    };

    /// <summary>Returns the value of the cookie that a request had; null if it had none.</summary>
    public static string? Of(HttpContext http) => http.Features.Get<Taken>()?.Value;

    private static void Take(HttpContext http)
    {
        var cookies = http.Request.Headers.Cookie;
        if (cookies.Count > 0 && CookieHeader.TryFind(cookies, out var value))
        {
            http.Features.Set(new Taken(value.ToString()));
            http.Request.Headers.Cookie = CookieHeader.Remove(cookies);
        }
    }

    private sealed record Taken(string Value);
}
