namespace PushProxy.Analysis;

/// <summary>
/// What one page needs, in the order it should be delivered: stylesheets, blocking scripts, imports and fonts found through
/// stylesheets, the hero image, and then what else is worth an early delivery; each in document order.
/// </summary>
/// <param name="Resources">The critical resources. At most <see cref="AnalysisOptions.MaxResources"/>.</param>
/// <param name="Skipped">What else the page names, and why it is left out. Bounded by the same number.</param>
public sealed record PageAnalysis(IReadOnlyList<CriticalResource> Resources, IReadOnlyList<SkippedResource> Skipped)
{
    /// <summary>A page that needs nothing.</summary>
    public static PageAnalysis Empty { get; } = new([], []);

    /// <summary>
    /// Other origins whose resources the page can't be displayed without, in document order. At most
    /// <see cref="AnalysisOptions.MaxPreconnects"/>.
    /// </summary>
    public IReadOnlyList<PreconnectOrigin> Preconnects { get; init; } = [];

    /// <summary>
    /// The contents of <c>meta http-equiv=Content-Security-Policy</c> in the head: each is a policy the document enforces besides
    /// those of its headers. The first <see cref="AnalysisOptions.MaxPolicies"/> of them.
    /// </summary>
    public IReadOnlyList<string> MetaPolicies { get; init; } = [];

    /// <summary>
    /// The referrer policy of the document, as a <c>meta name=referrer</c> states it (HTML §4.2.5.1, Referrer Policy §3); null if none
    /// does.
    /// </summary>
    public string? ReferrerPolicy { get; init; }

    /// <summary>
    /// Stylesheets and modules that could not be fetched. What they name may be missing here. A page with some
    /// is worth another look later. Bounded as <see cref="Skipped"/> is.
    /// </summary>
    public IReadOnlyList<Uri> Unread { get; init; } = [];

    /// <summary>
    /// What the budget of the analysis ran out on (<see cref="AnalysisOptions.MaxTime"/>, <see cref="AnalysisOptions.MaxMemory"/>), so that
    /// something may be missing here; null when it was enough. Another analysis of the same page ends no later.
    /// </summary>
    public AnalysisCost? RanOutOn { get; init; }

    /// <summary>Whether the analysis ended early (<see cref="RanOutOn"/>).</summary>
    public bool IsIncomplete => RanOutOn is not null;
}
