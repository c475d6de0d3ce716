using AngleSharp.Dom;
using PushProxy.Analysis.Html;

namespace PushProxy.Analysis.Rules;

/// <summary>Which script elements hold back the display (HTML §4.12.1.1, "prepare the script element").</summary>
internal static class ScriptRule
{
    /// <summary>What a script element names; null when it has no <c>src</c>.</summary>
    public static NamedResource? Read(NamedElement named)
    {
        var script = named.Element;
        if (script.GetAttribute("src") is not { } source)
        {
            return null;
        }

        var type = ScriptTypes.Of(script);
        var place = IsLate(script, type) ? FoundBy.BlockingRender : FoundBy.HeadScript;
        return new(source, ResourceKind.Script, place, SkipOf(script, type, named.InBody))
        {
            // A module is always asked for with CORS (HTML §8.1.4.2).
            CrossOrigin = CommonAttributes.CrossOriginOf(script) is var mode && mode == CrossOriginMode.None && type == ScriptType.Module
                ? CrossOriginMode.Anonymous
                : mode,

            // Chromium's scanner knows that a script in the body blocks nothing above it; what is preloaded it does not find.
            BlocksWhenPreloaded = type == ScriptType.Classic && named.InBody && !IsLate(script, type) && !script.HasAttribute("nomodule"),
        };
    }

    private static AnalysisSkip? SkipOf(IElement script, ScriptType type, bool inBody)
    {
        if (type == ScriptType.Data)
        {
            return AnalysisSkip.UnsupportedType;
        }

        if (type == ScriptType.Classic && script.HasAttribute("nomodule"))
        {
            return AnalysisSkip.NoModule;
        }

        // A script that waits for nobody blocks only when it asks to, but then in the body as well. Any other blocks in the head.
        var late = IsLate(script, type);
        if (late && !CommonAttributes.BlocksRendering(script))
        {
            return inBody ? AnalysisSkip.InBody
                : script.HasAttribute("async") ? AnalysisSkip.AsyncScript
                : type == ScriptType.Module ? AnalysisSkip.ModuleScript
                : AnalysisSkip.DeferredScript;
        }

        if (inBody && !late)
        {
            return AnalysisSkip.InBody;
        }

        return CommonAttributes.HasNonce(script) ? AnalysisSkip.Nonce : null;
    }

    private static bool IsLate(IElement script, ScriptType type) =>
        type == ScriptType.Module || script.HasAttribute("async") || script.HasAttribute("defer");
}
