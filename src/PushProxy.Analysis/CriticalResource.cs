namespace PushProxy.Analysis;

/// <summary>A resource the page needs before it can be displayed, in the terms of a preload link (HTML §4.2.4, RFC 8288).</summary>
public sealed record CriticalResource
{
    /// <summary>
    /// Absolute URL, ASCII, percent-encoded as a browser would send it, without fragment, of the page's own origin. Nothing in
    /// it ends it in a header. <see cref="Uri.AbsoluteUri"/> and <see cref="Uri.PathAndQuery"/> are exactly what goes on the wire.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary>What it is; a preload link's <c>as</c>.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>Whether the browser displays nothing before it has it (<c>renderBlockingStatus</c> in Resource Timing).</summary>
    public required bool Blocking { get; init; }

    /// <summary>Where it was found, and so why it is critical.</summary>
    public required FoundBy FoundBy { get; init; }

    /// <summary>How it is asked for; a preload that differs here downloads twice.</summary>
    public CrossOriginMode CrossOrigin { get; init; }

    /// <summary>A media query that must match in the client for it to be needed; null when it is needed everywhere.</summary>
    public string? Media { get; init; }

    /// <summary>Subresource integrity metadata as the page states it; null when it states none.</summary>
    public string? Integrity { get; init; }

    /// <summary>The page's <c>fetchpriority</c>: <c>high</c>, <c>low</c>, or null for <c>auto</c>.</summary>
    public string? FetchPriority { get; init; }

    /// <summary>
    /// The referrer policy it is asked for with (Referrer Policy §3): a policy of the standard in lower case, or null for the
    /// page's own.
    /// </summary>
    public string? ReferrerPolicy { get; init; }

    /// <summary>
    /// Its MIME type as far as the page tells it, such as <c>font/woff2</c>; a preload link's <c>type</c>. Null when it does not.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>
    /// The candidates that a client chooses one from instead of <see cref="Url"/>, with absolute URLs; a preload link's
    /// <c>imagesrcset</c>. Null when there is but the one.
    /// </summary>
    public string? ImageSrcSet { get; init; }

    /// <summary>
    /// How wide the image is displayed, for the choice among <see cref="ImageSrcSet"/>; a preload link's <c>imagesizes</c>. Null
    /// when not stated.
    /// </summary>
    public string? ImageSizes { get; init; }

    /// <summary>
    /// The types of other sources of the picture, separated by commas, one of which a client takes instead if it can display it; null for
    /// none. They are types that not all browsers of today can display.
    /// </summary>
    public string? OtherTypes { get; init; }

    /// <summary>
    /// For a font: whether text is shown in another one until it is there (<c>font-display: swap</c>, <c>fallback</c>, <c>optional</c>).
    /// The display does not wait for it, but it may be made to by a preload: Chromium holds the first paint back for preloaded fonts.
    /// </summary>
    public bool ShowsFallback { get; init; }

    /// <summary>
    /// What its early delivery gains, as compared with other resources of the page: 0 is nothing, 100 the most. What blocks
    /// rendering has 50 or more; of two that do the same for the display, the one a browser finds later is worth more.
    /// </summary>
    public int Worth { get; init; }
}

/// <summary>A preload link's <c>as</c> (the Fetch standard's destinations that concern us).</summary>
public enum ResourceKind
{
    /// <summary>A stylesheet.</summary>
    Style,

    /// <summary>A classic script.</summary>
    Script,

    /// <summary>A font file.</summary>
    Font,

    /// <summary>An image.</summary>
    Image,
}

/// <summary>The CORS settings attribute of the element (HTML §2.5.4).</summary>
public enum CrossOriginMode
{
    /// <summary>No <c>crossorigin</c> attribute: a no-cors request.</summary>
    None,

    /// <summary><c>crossorigin</c> or <c>crossorigin=anonymous</c>.</summary>
    Anonymous,

    /// <summary><c>crossorigin=use-credentials</c>.</summary>
    UseCredentials,
}

/// <summary>Where a resource was found.</summary>
public enum FoundBy
{
    /// <summary>A stylesheet link before the body tag.</summary>
    HeadStylesheet,

    /// <summary>A classic script before the body tag, neither async nor deferred.</summary>
    HeadScript,

    /// <summary>A script that is async, deferred or a module, but says <c>blocking=render</c> (HTML §2.5.8).</summary>
    BlockingRender,

    /// <summary>A script or stylesheet that an inline script writes into the page with <c>document.write</c>.</summary>
    WrittenByScript,

    /// <summary>An <c>@import</c> of a stylesheet that the page needs (CSS Cascade 5 §2).</summary>
    ImportedStylesheet,

    /// <summary>An <c>@font-face</c> of a stylesheet, used by text of the page (CSS Fonts 4 §4).</summary>
    StylesheetFont,

    /// <summary>The image likely to be the largest in the first screen: the largest contentful paint.</summary>
    HeroImage,

    /// <summary>A background image of an element likely to be in the first screen.</summary>
    BackgroundImage,

    /// <summary>A static import of a module that the page needs.</summary>
    ModuleImport,

    /// <summary>A preload link in the page itself (HTML §4.6.8.18).</summary>
    Preload,

    /// <summary>A modulepreload link in the page itself (HTML §4.6.8.12).</summary>
    ModulePreload,

    /// <summary>A preload or modulepreload link in the header fields of the page's response, or of a 103 before it (RFC 8297).</summary>
    LinkField,

    /// <summary>A script of a page whose body shows nothing until its scripts have run.</summary>
    AppScript,

    /// <summary>Not in the page: browsers were seen to ask for it soon after nearly every view.</summary>
    Traffic,
}
