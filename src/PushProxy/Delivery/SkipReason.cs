namespace PushProxy;

/// <summary>Why something was not done for a page or one of its resources. Debug header, log and metrics show the same values.</summary>
public enum SkipReason
{
    /// <summary>Nothing was skipped.</summary>
    None,

    /// <summary>The policy of the route says <see cref="DeliveryMode.Off"/>.</summary>
    Off,

    /// <summary>The request's Fetch metadata, <c>Accept</c> or <c>X-Requested-With</c> say that the response is not to be displayed as a page.</summary>
    NotNavigation,

    /// <summary>A part of the page is asked for (RFC 9110 §14.2).</summary>
    RangeRequest,

    /// <summary>The page is asked for in advance (<c>Sec-Purpose: prefetch</c>): nobody may ever look at it.</summary>
    Prefetch,

    /// <summary>A page within a page: hints for it are acted on by nobody.</summary>
    Frame,

    /// <summary>Nothing is known of this page, nor of those beside it.</summary>
    Unknown,

    /// <summary>The response says <c>Vary: *</c>: no two are alike (RFC 9110 §12.5.5).</summary>
    VaryAny,

    /// <summary>The request carries <c>Cookie</c> or <c>Authorization</c>, and nothing of its page may be told to others yet.</summary>
    Personalised,

    /// <summary>The request's target or host makes no URL.</summary>
    InvalidPageUrl,

    /// <summary>A content coding other than gzip, br or deflate.</summary>
    UnsupportedEncoding,

    /// <summary>The body could not be decoded, or ended early.</summary>
    BrokenBody,

    /// <summary>No room for another copy of a passing page, or too many wait to be analysed.</summary>
    Busy,

    /// <summary>Looking at the page failed; an error counter and the log say more.</summary>
    Failed,

    /// <summary>The page was analysed a moment ago and its bytes change with each response.</summary>
    AnalysedRecently,

    /// <summary>The page names no critical resource.</summary>
    NothingCritical,

    /// <summary>The origin's own <c>Link</c> names it already.</summary>
    OriginLink,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxLinkBytes"/>.</summary>
    OverLinkLimit,

    /// <summary>The origin answered 404 or 410 for it.</summary>
    Missing,

    /// <summary>Its response sets cookies or is <c>private</c> or <c>no-store</c>: not for everybody (RFC 9111 §5.2.2).</summary>
    PrivateResource,

    /// <summary>The page's Content-Security-Policy would block it, or allows it by a nonce alone (CSP Level 3 §6.7).</summary>
    BlockedByPolicy,

    /// <summary>
    /// A font that text does not wait for (<c>font-display: swap</c>): a preload would hold the first paint back for it. It is pushed, which
    /// does not, and not hinted.
    /// </summary>
    TextDoesNotWait,

    /// <summary>It depends on the client's screen, which only the document decides: no push and no early hint, a Link at most.</summary>
    DependsOnScreen,

    /// <summary>Browsers that were not told of it did not ask for it.</summary>
    NotUsed,

    /// <summary>Not delivered this once, to see whether the browser asks for it by itself.</summary>
    HeldOut,

    /// <summary>The policy delivers by other channels.</summary>
    ChannelOff,

    /// <summary>The client has it: it was served on this connection, to the last byte, and is still fresh.</summary>
    ServedOnConnection,

    /// <summary>The client has it: it was pushed on this connection, to the last byte, and is still fresh.</summary>
    PushedOnConnection,

    /// <summary>The client has it: it asked for it with a condition on this connection and was answered 304.</summary>
    Validated,

    /// <summary>The client has it: it is asking for it with a condition (RFC 9110 §13.1) now.</summary>
    ConditionalRequest,

    /// <summary>The client refused or cancelled a push of it on this connection.</summary>
    RefusedByClient,

    /// <summary>The client has it, as the cookie of an earlier connection says.</summary>
    InCookie,

    /// <summary>The page is reloaded past the cache, and a browser would take from its cache what it is told to preload.</summary>
    HardReload,

    /// <summary>The client's connection is not HTTP/2, or its endpoint cannot push.</summary>
    NotHttp2,

    /// <summary>The client turned push off (SETTINGS_ENABLE_PUSH, RFC 9113 §6.5.2).</summary>
    PushOff,

    /// <summary>The connection has as many pushes under way as its client, the server or the options allow.</summary>
    PushLimit,

    /// <summary>The connection is closing, or its stream identifiers are used up.</summary>
    ConnectionClosing,

    /// <summary>The response has ended, or the client reset the request.</summary>
    RequestEnded,

    /// <summary>The promised request would not be valid: its target or header fields.</summary>
    InvalidPromise,

    /// <summary>A push of the same resource is under way on this connection.</summary>
    UnderWay,

    /// <summary>More pushes than <see cref="DeliveryPolicy.MaxPushes"/>.</summary>
    OverPushCount,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxPushBytes"/>.</summary>
    OverPushBytes,

    /// <summary>The path to this client does not carry it before the page comes.</summary>
    OverIdleTime,

    /// <summary>The client does not take 1xx responses here, or nothing could be said in one.</summary>
    HintsNotPossible,

    /// <summary>The attribute is no URL, or one that can't be written in a header.</summary>
    InvalidUrl,

    /// <summary>Another scheme than http and https.</summary>
    NotHttp,

    /// <summary>Another origin than the page's.</summary>
    CrossOrigin,

    /// <summary>Its media query matches no screen.</summary>
    MediaNeverMatches,

    /// <summary>The link is <c>disabled</c>.</summary>
    Disabled,

    /// <summary>An alternate stylesheet.</summary>
    Alternate,

    /// <summary>A <c>type</c> the browser does not load.</summary>
    UnsupportedType,

    /// <summary>An <c>async</c> script does not block rendering.</summary>
    AsyncScript,

    /// <summary>A <c>defer</c> script does not block rendering.</summary>
    DeferredScript,

    /// <summary>A module script is deferred by default.</summary>
    ModuleScript,

    /// <summary>A <c>nomodule</c> script is not loaded by browsers that know modules.</summary>
    NoModule,

    /// <summary>The element stands in the body.</summary>
    InBody,

    /// <summary>It needs a nonce, which is good for one response only.</summary>
    Nonce,

    /// <summary>The same resource was named before.</summary>
    Duplicate,

    /// <summary>More resources than are kept of one page.</summary>
    OverLimit,

    /// <summary>Its media query does not match the client's screen.</summary>
    MediaMismatch,

    /// <summary>Imported through more stylesheets than the limit.</summary>
    TooDeep,

    /// <summary>An import whose <c>supports()</c> no browser fulfils; what an inline script writes into the page only under a condition.</summary>
    UnsupportedCondition,

    /// <summary>A font that no text of the page is displayed in.</summary>
    UnusedFont,

    /// <summary>Of the sources of one font or image, a browser takes another.</summary>
    OtherSource,

    /// <summary>An image that says <c>loading=lazy</c>.</summary>
    LazyImage,

    /// <summary>An image that is not displayed, or not likely to be in the first screen.</summary>
    OutOfView,

    /// <summary>An image in the first screen that is not likely to be the largest there.</summary>
    NotLargest,
}
