namespace PushProxy.Analysis.Rules;

/// <summary>What an element names, before its URL is looked at.</summary>
/// <param name="Attribute">The attribute with the URL, as written.</param>
/// <param name="Kind">What is named.</param>
/// <param name="FoundBy">Where it was found.</param>
/// <param name="Skip">Why it is not critical; null when it is.</param>
internal sealed record Candidate(string Attribute, ResourceKind Kind, FoundBy FoundBy, AnalysisSkip? Skip)
{
    /// <summary>A media query that must match, null for always.</summary>
    public string? Media { get; init; }

    /// <summary>How it is asked for.</summary>
    public CrossOriginMode CrossOrigin { get; init; }
}
