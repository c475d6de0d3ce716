namespace PushProxy.Analysis;

/// <summary>A resource that the page names and that is not critical, or cannot be delivered early, and the reason.</summary>
/// <param name="Url">
/// The absolute URL, or the attribute as written if it is no valid URL; printable ASCII, cut at 200 characters.
/// </param>
/// <param name="Reason">Why it was left out.</param>
public sealed record SkippedResource(string Url, AnalysisSkip Reason);

/// <summary>Why a resource that a page names is not among its critical ones.</summary>
public enum AnalysisSkip
{
    /// <summary>
    /// The attribute is empty or no valid URL, or its URL is longer than <see cref="AnalysisOptions.MaxUrlLength"/>, has a user name or
    /// password (which browsers refuse), or is the page's own.
    /// </summary>
    InvalidUrl,

    /// <summary>Its scheme is neither http nor https: <c>data:</c>, <c>blob:</c>, <c>javascript:</c>.</summary>
    NotHttp,

    /// <summary>Its origin differs from the page's, so it cannot be delivered with the page.</summary>
    CrossOrigin,

    /// <summary>Its media query matches no screen, such as <c>print</c>, or is malformed.</summary>
    MediaNeverMatches,

    /// <summary>The link is <c>disabled</c>.</summary>
    Disabled,

    /// <summary>It is an alternate stylesheet.</summary>
    Alternate,

    /// <summary>Browsers do not load its <c>type</c>.</summary>
    UnsupportedType,

    /// <summary>It is an <c>async</c> script, which does not block rendering.</summary>
    AsyncScript,

    /// <summary>It is a <c>defer</c> script, which does not block rendering.</summary>
    DeferredScript,

    /// <summary>It is a module script, which is deferred by default.</summary>
    ModuleScript,

    /// <summary>It is a <c>nomodule</c> script. Browsers that know modules do not load it.</summary>
    NoModule,

    /// <summary>The element comes after the body tag or an image.</summary>
    InBody,

    /// <summary>It needs a nonce, which is valid for one response.</summary>
    Nonce,

    /// <summary>The same resource was named before.</summary>
    Duplicate,

    /// <summary>A limit of <see cref="AnalysisOptions"/> was reached before it.</summary>
    OverLimit,

    /// <summary>Its media query does not match the client's screen.</summary>
    MediaMismatch,

    /// <summary>It is imported at a depth above <see cref="AnalysisOptions.MaxImportDepth"/>.</summary>
    TooDeep,

    /// <summary>
    /// It is an import whose <c>supports()</c> is false, or an inline script writes it into the page only under a condition.
    /// </summary>
    UnsupportedCondition,

    /// <summary>It is a font that displays no text of the page.</summary>
    UnusedFont,

    /// <summary>Browsers take another source of this font or image.</summary>
    OtherSource,

    /// <summary>
    /// A font that a client may have installed: <c>local()</c> comes before it. Whether one has it, a server cannot know.
    /// </summary>
    MayBeInstalled,

    /// <summary>It is an image with <c>loading=lazy</c>.</summary>
    LazyImage,

    /// <summary>It is an image that is hidden or likely outside the first screen.</summary>
    OutOfView,

    /// <summary>It is an image in the first screen that is likely not the largest.</summary>
    NotLargest,
}
