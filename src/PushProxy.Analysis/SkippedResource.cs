namespace PushProxy.Analysis;

/// <summary>A resource the page names that is not critical, or not to be delivered early, and why.</summary>
/// <param name="Url">
/// Absolute URL where one could be made of it, else the attribute as written, in printable ASCII and cut at 200 characters.
/// </param>
/// <param name="Reason">Why it was left out.</param>
public sealed record SkippedResource(string Url, AnalysisSkip Reason);

/// <summary>Why a resource that a page names is not among its critical ones.</summary>
public enum AnalysisSkip
{
    /// <summary>
    /// The attribute is empty, or no URL, or one longer than the limit, or one with a user name or password (which browsers
    /// refuse), or the page's own.
    /// </summary>
    InvalidUrl,

    /// <summary>Another scheme than http and https: <c>data:</c>, <c>blob:</c>, <c>javascript:</c>.</summary>
    NotHttp,

    /// <summary>Another origin than the page's.</summary>
    CrossOrigin,

    /// <summary>Its media query matches no screen (<c>print</c>, for one), or is nothing a browser understands.</summary>
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

    /// <summary>The element comes after the body tag or an image.</summary>
    InBody,

    /// <summary>It needs a nonce, which is good for one response only.</summary>
    Nonce,

    /// <summary>The same resource was named before.</summary>
    Duplicate,

    /// <summary>More resources than the limit in the options.</summary>
    OverLimit,

    /// <summary>Its media query does not match the client's screen.</summary>
    MediaMismatch,

    /// <summary>Imported through more stylesheets than the limit.</summary>
    TooDeep,

    /// <summary>
    /// An import whose <c>supports()</c> no browser fulfils; what an inline script writes into the page only under a condition.
    /// </summary>
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
