using System.Collections.Frozen;
using AngleSharp.Dom;

namespace PushProxy.Analysis.Rules;

/// <summary>What the <c>type</c> and <c>language</c> of a script element make of it (HTML §4.12.1).</summary>
internal enum ScriptType
{
    /// <summary>A JavaScript file.</summary>
    Classic,

    /// <summary>A JavaScript module.</summary>
    Module,

    /// <summary>Something a browser does not load: a data block, an import map.</summary>
    Data,
}

/// <summary>Reads the type of a script element.</summary>
internal static class ScriptTypes
{
    // MIME Sniffing §4.6, "JavaScript MIME type".
    private static readonly FrozenSet<string> JavaScript = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
        "text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
        "text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
        "text/x-ecmascript", "text/x-javascript");

    /// <summary>The type of a script element (HTML §4.12.1.1, "prepare the script element").</summary>
    public static ScriptType Of(IElement script)
    {
        var type = script.GetAttribute("type");
        var language = script.GetAttribute("language");
        var text = type is null
            ? string.IsNullOrEmpty(language) ? "text/javascript" : "text/" + language
            : type.Length == 0 ? "text/javascript" : type.Trim(' ', '\t', '\n', '\f', '\r');

        return JavaScript.Contains(text) ? ScriptType.Classic
            : text.Equals("module", StringComparison.OrdinalIgnoreCase) ? ScriptType.Module
            : ScriptType.Data;
    }
}
