using PushProxy.Analysis;

namespace PushProxy.Knowledge.Traffic;

/// <summary>What traffic has a say in.</summary>
internal static class TrafficScope
{
    /// <summary>
    /// Whether the analysis may be wrong about a resource: not where the page names it in so many words, nor where the display waits for
    /// it, because trying that out would cost a visitor. What depends on the screen is left to the document.
    /// </summary>
    public static bool IsDoubtful(CriticalResource resource) =>
        resource is { Blocking: false, Media: null, ImageSrcSet: null }
        && resource.FoundBy is FoundBy.StylesheetFont or FoundBy.HeroImage or FoundBy.BackgroundImage or FoundBy.ImportedStylesheet
            or FoundBy.ModuleImport;

    /// <summary>
    /// Whether a resource may join. Images never do: those below the first screen are asked for always, too, and are worth nothing.
    /// Nor do scripts that the page names as not waited for; stylesheets and fonts do, unless a reason forbids their delivery.
    /// </summary>
    public static bool MayJoin(PageAnalysis analysis, Uri url, ResourceKind kind)
    {
        if (kind == ResourceKind.Image || analysis.Resources.Any(r => r.Url == url))
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
