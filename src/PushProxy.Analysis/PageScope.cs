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
    /// Up to the body tag or the first image, and for a page without them all of it. It finds what <see cref="WholePage"/> finds critical,
    /// except scripts in the body with <c>blocking=render</c>. For the first bytes of a page as they pass.
    /// </summary>
    Head,
}
