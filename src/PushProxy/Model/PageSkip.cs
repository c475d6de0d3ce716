namespace PushProxy.Model;

/// <summary>
/// Why nothing was delivered early for a page, or why nothing was learned from it. The debug header, the log and the metrics show these
/// values in kebab case (<see cref="EnumWords"/>).
/// </summary>
internal enum PageSkip
{
    /// <summary>The page was not skipped.</summary>
    None,

    /// <summary>The policy of the route says <see cref="DeliveryMode.Off"/>.</summary>
    Off,

    /// <summary>
    /// The request's Fetch metadata, <c>Accept</c> or <c>X-Requested-With</c> says that the response will not be displayed as a page.
    /// </summary>
    NotNavigation,

    /// <summary>The client requests a part of the page (RFC 9110 §14.2).</summary>
    RangeRequest,

    /// <summary>The client requests the page in advance (<c>Sec-Purpose: prefetch</c>). Perhaps nobody will ever look at it.</summary>
    Prefetch,

    /// <summary>The page is a frame inside another page. Browsers ignore hints for it.</summary>
    Frame,

    /// <summary>Nothing is known about this page or about the pages beside it.</summary>
    Unknown,

    /// <summary>The response says <c>Vary: *</c>: no two responses are alike (RFC 9110 §12.5.5).</summary>
    VaryAny,

    /// <summary>
    /// The request carries <c>Cookie</c> or <c>Authorization</c>, and nothing of its page may be disclosed to others yet.
    /// </summary>
    Personalised,

    /// <summary>The request's target and host do not make a URL.</summary>
    InvalidPageUrl,

    /// <summary>
    /// The response's <c>Content-Type</c> is not <c>text/html</c>. Browsers read XHTML by other rules, and guess what has no type.
    /// </summary>
    NotHtml,

    /// <summary>The response is a download (<c>Content-Disposition: attachment</c>, RFC 6266 §4.2).</summary>
    Attachment,

    /// <summary>The content coding is not gzip, br, zstd or deflate.</summary>
    UnsupportedEncoding,

    /// <summary>The body could not be decoded, or it ended early.</summary>
    BrokenBody,

    /// <summary>
    /// No memory was left for another copy of a passing page, or too many pages wait for analysis, and others had the better claim.
    /// </summary>
    Busy,

    /// <summary>The client takes the page so slowly that its copy made room for others'.</summary>
    Stalled,

    /// <summary>Reading the page failed. The metric <c>pushproxy.errors</c> and the log say more.</summary>
    Failed,

    /// <summary>The page was analysed a moment ago, and its bytes change with each response.</summary>
    AnalysedRecently,

    /// <summary>The page was purged while it was on its way.</summary>
    Purged,

    /// <summary>
    /// The analysis of other bytes at the same path ran out of its budget a moment ago (<see cref="LearningOptions.MaxAnalysisTime"/>).
    /// </summary>
    TooCostly,

    /// <summary>
    /// What the page names comes and goes, so that more than one delivery in twenty was wrong. The client is told what the head of its own
    /// page says.
    /// </summary>
    Unsteady,

    /// <summary>The page names no critical resource.</summary>
    NothingCritical,

    /// <summary>
    /// The visitor is one of those that get pages as their origin sends them, so that the gain can be measured
    /// (<see cref="DeliveryPolicy.HoldOut"/>).
    /// </summary>
    VisitorHeldOut,

    /// <summary>The policy does not allow the channel that this client would take.</summary>
    ChannelOff,

    /// <summary>
    /// The user reloads the page and bypasses the cache. A browser would take from its cache what a hint tells it to preload.
    /// </summary>
    HardReload,

    /// <summary>The client does not take 1xx responses on this connection, or does not say what it accepts.</summary>
    HintsNotPossible,

    /// <summary>
    /// A 103 would have had nothing to name: the client has all of it, or would have to ask for it again (<c>not-hinted</c>).
    /// </summary>
    NothingToHint,
}
