namespace PushProxy;

/// <summary>Why something was not done for a page or one of its resources. Debug header, log and metrics show the same values.</summary>
public enum SkipReason
{
    /// <summary>Nothing was skipped.</summary>
    None,

    /// <summary>The policy of the route says <see cref="DeliveryMode.Off"/>.</summary>
    Off,

    /// <summary><c>Sec-Fetch-Dest</c> says that the response is not to be displayed as a page.</summary>
    NotNavigation,

    /// <summary>The response says <c>Vary: *</c>: no two are alike (RFC 9110 §12.5.5).</summary>
    VaryAny,

    /// <summary>The request carries <c>Cookie</c> or <c>Authorization</c>: what this page names is told to nobody else.</summary>
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

    /// <summary>The stylesheet or module was not to be had, so what it names is not known.</summary>
    Unread,

    /// <summary>Imported through more stylesheets than the limit.</summary>
    TooDeep,

    /// <summary>An import whose <c>supports()</c> no browser fulfils, or that stands where imports are ignored.</summary>
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
