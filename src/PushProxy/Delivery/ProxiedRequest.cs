using Microsoft.AspNetCore.Http;
using PushProxy.Connections;
using PushProxy.Navigation;

namespace PushProxy.Delivery;

/// <summary>
/// What is kept of one GET on its way through the proxy. A feature of the request, and the only one of ours: to look for a feature that
/// is not there costs more than most of what is decided here.
/// </summary>
internal sealed class ProxiedRequest
{
    /// <summary>A request that the proxy makes itself, to learn.</summary>
    public static readonly ProxiedRequest Learning = new() { IsLearning = true };

    /// <summary>Whether the proxy makes it itself.</summary>
    public bool IsLearning { get; private init; }

    /// <summary>The client's connection; null when nothing was kept of it as the request came.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>What the cookie that says what the client has said before it was taken out of the request; null when there was none.</summary>
    public string? CacheCookie { get; init; }

    /// <summary>
    /// How a request looks like a navigation for which no <see cref="Visit"/> was made, because nothing is known of its target and most of the
    /// kind are for none: <see cref="NavigationKind.Unspoken"/> or <see cref="NavigationKind.Anything"/>. None for all others.
    /// </summary>
    public NavigationKind PossibleKind { get; private set; }

    /// <summary>When such a request came; a timestamp of the time provider.</summary>
    public long StartedAt { get; private set; }

    /// <summary>What was decided for a page; null for what is none.</summary>
    public PageVisit? Visit { get; set; }

    /// <summary>The notes of a request; null for what is no GET.</summary>
    public static ProxiedRequest? Find(HttpContext http) => http.Features.Get<ProxiedRequest>();

    /// <summary>Sets <see cref="PossibleKind"/> and <see cref="StartedAt"/>.</summary>
    public void MayBePage(NavigationKind kind, long startedAt) => (PossibleKind, StartedAt) = (kind, startedAt);

    /// <summary>The cookie's value if the policy heeds it.</summary>
    public string? CookieFor(DeliveryPolicy policy) => policy.CacheCookie ? CacheCookie : null;
}
