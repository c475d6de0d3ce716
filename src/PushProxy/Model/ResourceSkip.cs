namespace PushProxy.Model;

/// <summary>
/// Why a resource of a page is not delivered early by any channel. Other enums hold related reasons: <see cref="CacheEvidence"/> if the
/// client has the resource, <see cref="PushSkip"/> if it is not pushed, and <see cref="Analysis.AnalysisSkip"/> if the analysis left it
/// out.
/// </summary>
internal enum ResourceSkip
{
    /// <summary>The resource may be delivered.</summary>
    None,

    /// <summary>The policy of the route says <see cref="DeliveryMode.Off"/>.</summary>
    Off,

    /// <summary>The analysis left the resource out. The analysis' own reason is shown instead of this value.</summary>
    NotCritical,

    /// <summary>The origin's own <c>Link</c> already names the resource.</summary>
    OriginLink,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxLinkBytes"/>.</summary>
    OverLinkLimit,

    /// <summary>
    /// The origin's last answer was not the resource. Its status was 404 or 410, a redirect, 401 or 403; or the request was promised and
    /// the status was not 200.
    /// </summary>
    Missing,

    /// <summary>
    /// The response sets cookies, or is <c>private</c> or <c>no-store</c>, so it is not meant for everybody (RFC 9111 §5.2.2).
    /// </summary>
    PrivateResource,

    /// <summary>
    /// The page's Content-Security-Policy blocks the resource, allows it only by a nonce (CSP Level 3 §6.7), or gives the page an origin of
    /// its own (<c>sandbox</c>).
    /// </summary>
    BlockedByPolicy,

    /// <summary>
    /// The resource is a font that text does not wait for (<c>font-display: swap</c>). It is pushed but not hinted, because a preload would
    /// delay the first paint and a push does not.
    /// </summary>
    TextDoesNotWait,

    /// <summary>No answer of the origin for the resource was seen yet.</summary>
    NotAnswered,

    /// <summary>
    /// The <c>Content-Type</c> of the last answer does not fit what the page wants the resource for. So it is not that resource.
    /// </summary>
    OtherType,

    /// <summary>The last answer states no lifetime and has no validator, so no client can reuse it.</summary>
    NotKept,

    /// <summary>The size of the resource is not known: no complete answer was seen, and none states its length.</summary>
    SizeUnknown,

    /// <summary>The resource is larger than <see cref="LearningOptions.MaxResourceBytes"/>.</summary>
    TooLarge,

    /// <summary>
    /// The client does not display images of this type, or may take another source of the picture, as its <c>Accept</c> says or does not
    /// say.
    /// </summary>
    NotAccepted,

    /// <summary>Browsers that were not told of the resource did not request it.</summary>
    NotUsed,

    /// <summary>The resource is left out of this one view, to see whether the browser requests it by itself.</summary>
    HeldOut,

    /// <summary>
    /// The user reloads the page and bypasses the cache. A browser would take from its cache what a hint tells it to preload.
    /// </summary>
    HardReload,
}
