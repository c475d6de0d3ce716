using AngleSharp.Dom;
using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Rules;

/// <summary>Preload links in the page itself (HTML §4.6.8.18 and §4.6.8.12): its author says what is needed soon.</summary>
internal static class PreloadRule
{
    /// <summary>What a link element names; null when it is no preload link.</summary>
    /// <param name="link">The element.</param>
    /// <param name="client">The screen; null where it is not known.</param>
    public static NamedResource? Read(IElement link, ClientProfile? client)
    {
        var rel = link.GetAttribute("rel");
        var isModule = CommonAttributes.HasToken(rel, "modulepreload");
        if (!isModule && !CommonAttributes.HasToken(rel, "preload"))
        {
            return null;
        }

        // What has several candidates is a choice of the client's.
        if (link.GetAttribute("href") is not { } href)
        {
            return null;
        }

        var kind = isModule ? ResourceKind.Script : KindOf(link.GetAttribute("as"));
        var type = link.GetAttribute("type")?.Trim().ToLowerInvariant() is { Length: > 0 and < 100 } text ? text : null;
        var media = MediaQueryList.Parse(link.GetAttribute("media"), client);
        var crossOrigin = CommonAttributes.CrossOriginOf(link);
        var skip = kind is null || !IsSupported(kind.Value, type) ? AnalysisSkip.UnsupportedType
            : media.NeverMatches ? MediaQueryList.Parse(link.GetAttribute("media")).NeverMatches ? AnalysisSkip.MediaNeverMatches
            : AnalysisSkip.MediaMismatch
            : CommonAttributes.HasNonce(link) ? AnalysisSkip.Nonce
            : kind == ResourceKind.Image && link.HasAttribute("imagesrcset") ? AnalysisSkip.OtherSource
            : (AnalysisSkip?)null;
        return new(href, kind ?? ResourceKind.Script, isModule ? FoundBy.ModulePreload : FoundBy.Preload, skip)
        {
            Blocking = false,
            Media = media.Condition,
            Type = type,
            CrossOrigin = isModule && crossOrigin == CrossOriginMode.None ? CrossOriginMode.Anonymous : crossOrigin,
        };
    }

    private static ResourceKind? KindOf(string? value) => value?.ToLowerInvariant() switch
    {
        "style" => ResourceKind.Style,
        "script" => ResourceKind.Script,
        "font" => ResourceKind.Font,
        "image" => ResourceKind.Image,
        _ => null,
    };

    private static bool IsSupported(ResourceKind kind, string? type) => type is null || kind switch
    {
        ResourceKind.Font => FontSource.IsSupportedType(type),
        ResourceKind.Style => type == "text/css",
        _ => true,
    };
}
