namespace PushProxy.Analysis.Rules;

/// <summary>What an element names, before its URL is looked at.</summary>
/// <param name="Attribute">The attribute with the URL, as written.</param>
/// <param name="Kind">What is named.</param>
/// <param name="FoundBy">Where it was found.</param>
/// <param name="Skip">Why it is not critical; null when it is.</param>
internal sealed record NamedResource(string Attribute, ResourceKind Kind, FoundBy FoundBy, AnalysisSkip? Skip)
{
    /// <summary>A media query that must match, null for always.</summary>
    public string? Media { get; init; }

    /// <summary>How it is asked for.</summary>
    public CrossOriginMode CrossOrigin { get; init; }

    /// <summary>Whether it blocks rendering.</summary>
    public bool Blocking { get; init; } = true;

    /// <summary>Whether it blocks rendering in the body, too, when a preload link announced it.</summary>
    public bool BlocksWhenPreloaded { get; init; }

    /// <summary>Its MIME type; null where it is not stated.</summary>
    public string? Type { get; init; }

    /// <summary>Candidates of an image, each with an absolute URL; null for a single one.</summary>
    public string? ImageSrcSet { get; init; }

    /// <summary>How wide an image is displayed; null where it is not stated.</summary>
    public string? ImageSizes { get; init; }
}
