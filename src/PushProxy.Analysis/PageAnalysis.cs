namespace PushProxy.Analysis;

/// <summary>What one page needs, in the order it should be delivered: stylesheets, then scripts, each in document order.</summary>
/// <param name="Resources">The critical resources. At most <see cref="AnalysisOptions.MaxResources"/>.</param>
/// <param name="Skipped">What else the page names, and why it is left out. Bounded by the same number.</param>
public sealed record PageAnalysis(IReadOnlyList<CriticalResource> Resources, IReadOnlyList<SkippedResource> Skipped)
{
    /// <summary>A page that needs nothing.</summary>
    public static PageAnalysis Empty { get; } = new([], []);
}
