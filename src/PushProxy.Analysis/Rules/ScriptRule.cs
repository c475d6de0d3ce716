using AngleSharp.Dom;
using PushProxy.Analysis.Html;

namespace PushProxy.Analysis.Rules;

/// <summary>Which script elements hold back the display (HTML §4.12.1.1, "prepare the script element").</summary>
internal static class ScriptRule
{
    /// <summary>What a script element names; null when it has no <c>src</c>.</summary>
    public static Candidate? Read(IElement script, Placement placement)
    {
        if (script.GetAttribute("src") is not { } source)
        {
            return null;
        }

        var type = ScriptTypes.Of(script);
        var late = type == ScriptType.Module || script.HasAttribute("async") || script.HasAttribute("defer");
        return new(source, ResourceKind.Script, late ? FoundBy.BlockingRender : FoundBy.HeadScript, SkipOf(script, type, placement))
        {
            // A module is always asked for with CORS (HTML §8.1.4.2).
            CrossOrigin = CommonAttributes.CrossOriginOf(script) is var mode && mode == CrossOriginMode.None && type == ScriptType.Module
                ? CrossOriginMode.Anonymous
                : mode,
        };
    }

    private static AnalysisSkip? SkipOf(IElement script, ScriptType type, Placement placement)
    {
        if (type == ScriptType.Data)
        {
            return AnalysisSkip.UnsupportedType;
        }

        if (type == ScriptType.Classic && script.HasAttribute("nomodule"))
        {
            return AnalysisSkip.NoModule;
        }

        if (placement == Placement.Body)
        {
            return AnalysisSkip.InBody;
        }

        if (!CommonAttributes.BlocksRendering(script))
        {
            if (script.HasAttribute("async"))
            {
                return AnalysisSkip.AsyncScript;
            }

            if (type == ScriptType.Module)
            {
                return AnalysisSkip.ModuleScript;
            }

            if (script.HasAttribute("defer"))
            {
                return AnalysisSkip.DeferredScript;
            }
        }

        return CommonAttributes.HasNonce(script) ? AnalysisSkip.Nonce : null;
    }
}
