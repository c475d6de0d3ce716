using AngleSharp.Dom;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Rules;

/// <summary>Which link elements hold back the display (HTML §4.6.7, link type "stylesheet").</summary>
internal static class StylesheetRule
{
    /// <summary>What a link element names; null when it names no stylesheet.</summary>
    public static Candidate? Read(NamedElement named)
    {
        var link = named.Element;
        if (link.GetAttribute("href") is not { } href || !CommonAttributes.HasToken(link.GetAttribute("rel"), "stylesheet"))
        {
            return null;
        }

        var media = MediaQueryList.Parse(link.GetAttribute("media"));
        return new(href, ResourceKind.Style, FoundBy.HeadStylesheet, SkipOf(link, named.InBody, media))
        {
            Media = media.Condition,
            CrossOrigin = CommonAttributes.CrossOriginOf(link),
        };
    }

    private static AnalysisSkip? SkipOf(IElement link, bool inBody, MediaQueryList media)
    {
        if (!IsCss(link.GetAttribute("type")))
        {
            return AnalysisSkip.UnsupportedType;
        }

        if (link.HasAttribute("disabled"))
        {
            return AnalysisSkip.Disabled;
        }

        if (CommonAttributes.HasToken(link.GetAttribute("rel"), "alternate"))
        {
            return AnalysisSkip.Alternate;
        }

        if (media.NeverMatches)
        {
            return AnalysisSkip.MediaNeverMatches;
        }

        return inBody ? AnalysisSkip.InBody
            : CommonAttributes.HasNonce(link) ? AnalysisSkip.Nonce
            : null;
    }

    // A MIME type with parameters is a MIME type.
    private static bool IsCss(string? type) =>
        string.IsNullOrWhiteSpace(type) || type.Split(';')[0].Trim().Equals("text/css", StringComparison.OrdinalIgnoreCase);
}
