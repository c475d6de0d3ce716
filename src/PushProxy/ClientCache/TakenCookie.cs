using Microsoft.AspNetCore.Http;

namespace PushProxy.ClientCache;

/// <summary>What <see cref="CacheCookie"/> said before it was taken out of a request. A feature of the request.</summary>
/// <param name="Value">Its value.</param>
internal sealed record TakenCookie(string Value)
{
    /// <summary>The value; null when there was none, or when the policy heeds none.</summary>
    public static string? Of(HttpContext http, DeliveryPolicy policy) => policy.CacheCookie ? http.Features.Get<TakenCookie>()?.Value : null;
}
