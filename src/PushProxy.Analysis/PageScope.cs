namespace PushProxy.Analysis;

/// <summary>How much of a page is looked at.</summary>
public enum PageScope
{
    /// <summary>
    /// All of it, up to the bounds in <see cref="AnalysisOptions"/>: what stands in the body is reported as
    /// <see cref="AnalysisSkip.InBody"/>. For work off the request path.
    /// </summary>
    WholePage,

    /// <summary>
    /// Up to the first thing that belongs to the body, wherever the tags say it starts. What is critical is the same as for
    /// the whole page, for nothing in the body is. For the first bytes of a page as they pass.
    /// </summary>
    Head,
}
