using AngleSharp.Dom;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Rules;

/// <summary>Which link elements hold back the display (HTML §4.6.7, link type "stylesheet").</summary>
internal static class StylesheetRule
{
    /// <summary>What a link element names; null when it names no stylesheet.</summary>
    /// <param name="named">The element.</param>
    /// <param name="client">The screen; null where it is not known.</param>
    public static NamedResource? Read(NamedElement named, ClientProfile? client)
    {
        var link = named.Element;
        if (link.GetAttribute("href") is not { } href || !CommonAttributes.HasToken(link.GetAttribute("rel"), "stylesheet"))
        {
            return null;
        }

        var media = MediaQueryList.Parse(link.GetAttribute("media"));
        var onScreen = client is null ? media : MediaQueryList.Parse(link.GetAttribute("media"), client);
        return new(href, ResourceKind.Style, FoundBy.HeadStylesheet, SkipOf(link, named.InBody, media, onScreen))
        {
            Media = onScreen.Condition,
            CrossOrigin = CommonAttributes.CrossOriginOf(link),
        };
    }

    /// <summary>
    /// The media query list under which the sheet of a link is applied once it is there; null where it is not. A link may wait
    /// with a medium that never matches for its own <c>onload</c>, and a preload may become a stylesheet by it.
    /// </summary>
    public static string? AppliedMedia(IElement link)
    {
        var rel = link.GetAttribute("rel");
        var onload = link.GetAttribute("onload") ?? "";
        var isStylesheet = CommonAttributes.HasToken(rel, "stylesheet");
        if (!isStylesheet
            && !(CommonAttributes.HasToken(rel, "preload") && onload.Contains("stylesheet", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        if (!IsCss(link.GetAttribute("type")) || link.HasAttribute("disabled") || CommonAttributes.HasToken(rel, "alternate"))
        {
            return null;
        }

        return isStylesheet && onload.Contains("media", StringComparison.OrdinalIgnoreCase) ? "" : link.GetAttribute("media") ?? "";
    }

    private static AnalysisSkip? SkipOf(IElement link, bool inBody, MediaQueryList media, MediaQueryList onScreen)
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

        if (onScreen.NeverMatches)
        {
            return AnalysisSkip.MediaMismatch;
        }

        return inBody ? AnalysisSkip.InBody
            : CommonAttributes.HasNonce(link) ? AnalysisSkip.Nonce
            : null;
    }

    // A MIME type with parameters is a MIME type.
    private static bool IsCss(string? type) =>
        string.IsNullOrWhiteSpace(type) || type.Split(';')[0].Trim().Equals("text/css", StringComparison.OrdinalIgnoreCase);
}
