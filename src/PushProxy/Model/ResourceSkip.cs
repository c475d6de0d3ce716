namespace PushProxy.Model;

/// <summary>
/// Why a resource of a page is not delivered early, by any channel. That the client has it is said by <see cref="CacheEvidence"/>, why it
/// is not pushed by <see cref="PushSkip"/>, and why the analysis left it out by <see cref="Analysis.AnalysisSkip"/>.
/// </summary>
internal enum ResourceSkip
{
    /// <summary>The resource may be delivered.</summary>
    None,

    /// <summary>The policy of the route says <see cref="DeliveryMode.Off"/>.</summary>
    Off,

    /// <summary>The analysis left it out and has its own reason, which is shown instead of this value.</summary>
    NotCritical,

    /// <summary>The origin's own <c>Link</c> names it already.</summary>
    OriginLink,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxLinkBytes"/>.</summary>
    OverLinkLimit,

    /// <summary>
    /// The origin's last answer was not the resource: 404 or 410, a redirect, 401 or 403; or any answer but 200 to a promised request.
    /// </summary>
    Missing,

    /// <summary>Its response sets cookies, or is <c>private</c> or <c>no-store</c>: it is not for everybody (RFC 9111 §5.2.2).</summary>
    PrivateResource,

    /// <summary>The page's Content-Security-Policy blocks it, or allows it by a nonce alone (CSP Level 3 §6.7).</summary>
    BlockedByPolicy,

    /// <summary>
    /// A font that text does not wait for (<c>font-display: swap</c>). A preload would delay the first paint; a push does not. So it is
    /// pushed and not hinted.
    /// </summary>
    TextDoesNotWait,

    /// <summary>Browsers that were not told of it did not ask for it.</summary>
    NotUsed,

    /// <summary>It is not delivered this once, to see whether the browser asks for it by itself.</summary>
    HeldOut,

    /// <summary>The user reloads the page past the cache. A browser would take from its cache what a hint tells it to preload.</summary>
    HardReload,
}
