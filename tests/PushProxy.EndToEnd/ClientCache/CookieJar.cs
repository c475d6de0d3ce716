using System.Globalization;
using PushProxy.Testing.Clients;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>The proxy's cookie as a client gets it and sends it back.</summary>
internal static class CookieJar
{
    public const string Name = "__Host-pushproxy";

    /// <summary>The Set-Cookie field of this name; null when a response has none.</summary>
    public static string? SetCookie(this NodeAnswer answer) =>
        answer.Fields.SingleOrDefault(f => f.Name == "set-cookie" && f.Value.StartsWith(Name + "=", StringComparison.Ordinal)).Value;

    /// <summary>The value that a response sets.</summary>
    public static string CookieValue(this NodeAnswer answer) =>
        answer.SetCookie() is { } cookie
            ? cookie[(Name.Length + 1)..cookie.IndexOf(';', StringComparison.Ordinal)]
            : throw new InvalidOperationException("No cookie was set.");

    /// <summary>How long it lasts, in seconds.</summary>
    public static int MaxAge(string setCookie) =>
        int.Parse(
            setCookie.Split("; ").Single(p => p.StartsWith("Max-Age=", StringComparison.Ordinal))["Max-Age=".Length..],
            CultureInfo.InvariantCulture);

    /// <summary>The request field that sends it.</summary>
    public static string Field(string value) => $"cookie: {Name}={value}";

    /// <summary>Views a page on a connection of its own, and keeps what the page's response says to keep.</summary>
    public static async Task<string> EarnAsync(CacheSite site, CachedPage page)
    {
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        return (await page.ViewAsync(client)).CookieValue();
    }
}
