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

    /// <summary>Subresource integrity metadata as the page states it; null when there is none.</summary>
    public string? Integrity { get; init; }

    /// <summary>The page's <c>fetchpriority</c>: <c>high</c>, <c>low</c>, or null for <c>auto</c>.</summary>
    public string? FetchPriority { get; init; }
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
}
