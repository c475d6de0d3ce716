using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>What is kept of one GET of a client.</summary>
internal sealed class ProxiedRequest : RequestNotes
{
    /// <summary>The client's connection; null when nothing was kept of it as the request came.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>
    /// The value of the cookie that says what the client has, before it was taken out of the request; null when there was none.
    /// </summary>
    public string? CacheCookie { get; init; }

    /// <summary>
    /// How the request looks like a navigation although no <see cref="Page"/> was made for it, because nothing is known of its target and
    /// most of its kind are not for pages: <see cref="NavigationKind.Unspoken"/> or <see cref="NavigationKind.Anything"/>. None for all
    /// others.
    /// </summary>
    public NavigationKind PossibleKind { get; private set; }

    /// <summary>When such a request came; a timestamp of the time provider.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The page view that the request begins; null when it asks for something else.</summary>
    public DeliveryRecord? Page { get; set; }

    /// <summary>The notes of a client's request; null for what is no GET, and for the proxy's own requests.</summary>
    public static ProxiedRequest? Find(HttpContext http) => http.Features.Get<RequestNotes>() as ProxiedRequest;

    /// <summary>Sets <see cref="PossibleKind"/> and <see cref="StartedAt"/>.</summary>
    public void MayBePage(NavigationKind kind, long startedAt) => (PossibleKind, StartedAt) = (kind, startedAt);

    /// <summary>The cookie's value if the policy uses it.</summary>
    public string? CookieFor(DeliveryPolicy policy) => policy.CacheCookie ? CacheCookie : null;
}
