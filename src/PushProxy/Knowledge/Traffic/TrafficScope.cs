using PushProxy.Analysis;

namespace PushProxy.Knowledge.Traffic;

/// <summary>Decides which resources traffic may judge.</summary>
internal static class TrafficScope
{
    /// <summary>
    /// Returns whether the analysis may be wrong about a resource. It is not wrong about a resource that the page itself names.
    /// Render-blocking resources are not tried out either, because that would cost a visitor time. Resources that depend on the screen are
    /// left to the document.
    /// </summary>
    public static bool IsDoubtful(CriticalResource resource) =>
        resource is { Blocking: false, Media: null, ImageSrcSet: null }
        && resource.FoundBy is FoundBy.StylesheetFont or FoundBy.HeroImage or FoundBy.BackgroundImage or FoundBy.ImportedStylesheet
            or FoundBy.ModuleImport;

    /// <summary>
    /// Returns whether traffic may add a resource. Images are never added: images below the first screen are always requested too and are
    /// worth nothing. Scripts that the page marks as not waited for are not added. Stylesheets and fonts are added, unless the analysis has
    /// a reason that forbids their delivery.
    /// </summary>
    public static bool MayJoin(PageAnalysis analysis, Uri url, ResourceKind kind)
    {
        if (kind == ResourceKind.Image || analysis.Resources.Any(r => r.Url.AbsoluteUri == url.AbsoluteUri))
        {
            return false;
        }

        foreach (var skipped in analysis.Skipped)
        {
            if (skipped.Url == url.AbsoluteUri && !Permits(skipped.Reason, kind))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Permits(AnalysisSkip reason, ResourceKind kind) =>
        reason is AnalysisSkip.OverLimit or AnalysisSkip.Duplicate or AnalysisSkip.TooDeep
        || (kind != ResourceKind.Script && reason is AnalysisSkip.InBody or AnalysisSkip.UnusedFont or AnalysisSkip.OtherSource);
}
