using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Forwarding.Shells;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>What the proxy notes about one GET of a client.</summary>
internal sealed class ProxiedRequest : RequestNotes
{
    /// <summary>The client's connection; null if nothing was known about it when the request arrived.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>
    /// The value of the cookie that says what the client has, before it was removed from the request; null if the request has no such
    /// cookie.
    /// </summary>
    public string? CacheCookie { get; init; }

    /// <summary>
    /// How the request looks like a navigation although no <see cref="Page"/> was made for it. Nothing is known about its target, and most
    /// such requests are not for pages. It is <see cref="NavigationKind.Unspoken"/> or <see cref="NavigationKind.Anything"/> for such a
    /// request, and <see cref="NavigationKind.None"/> for all others.
    /// </summary>
    public NavigationKind PossibleKind { get; private set; }

    /// <summary>When such a request arrived, as a timestamp of the time provider.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The record of the page view that the request begins; null if it is for something else.</summary>
    public DeliveryRecord? Page { get; set; }

    /// <summary>The arm of the visitor, if the request is for a page.</summary>
    public Arm Arm { get; set; }

    /// <summary>What is known of the beginning of the page; null if no shell is sent, and none is compared with the answer.</summary>
    public ShellVisit? Shell { get; set; }

    /// <summary>What stands in for the response since a shell was sent; null if none was.</summary>
    public ShellResponse? ShellResponse { get; set; }

    /// <summary>Returns the notes of a client's request; null if it is not a GET or the proxy made it itself.</summary>
    public static ProxiedRequest? Find(HttpContext http) => http.Features.Get<RequestNotes>() as ProxiedRequest;

    /// <summary>Sets <see cref="PossibleKind"/> and <see cref="StartedAt"/>.</summary>
    public void MayBePage(NavigationKind kind, long startedAt) => (PossibleKind, StartedAt) = (kind, startedAt);

    /// <summary>Returns the cookie's value if the policy uses it, and null otherwise.</summary>
    public string? CookieFor(DeliveryPolicy policy) => policy.CacheCookie ? CacheCookie : null;
}
