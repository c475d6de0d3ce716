using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Selectors;

/// <summary>Reads attribute selectors.</summary>
internal static class AttributeReader
{
    // HTML §4.16.2: the values of these are compared whatever their case.
    private static readonly HashSet<string> CaseInsensitive =
        ["type", "rel", "media", "method", "lang", "dir", "charset", "checked", "disabled", "hreflang"];

    /// <summary>What stands between the square brackets; null when it is not valid.</summary>
    public static AttributeCondition? Read(string text) => Read(text, mayHaveNamespace: true);

    private static AttributeCondition? Read(string text, bool mayHaveNamespace)
    {
        var tokens = new CssTokenizer(text);
        var name = tokens.NextSolid();
        if (name.Kind == CssTokenKind.Delim)
        {
            // "[*|href]", "[|href]".
            var bar = text.IndexOf('|', StringComparison.Ordinal);
            return mayHaveNamespace && bar is >= 0 and <= 2 ? Read(text[(bar + 1)..], mayHaveNamespace: false) : null;
        }

        if (name.Kind != CssTokenKind.Ident)
        {
            return null;
        }

        var attribute = CssEscape.Resolve(text.AsSpan(name.Start, name.End - name.Start)).ToLowerInvariant();
        var sign = tokens.NextSolid();
        if (sign.Kind == CssTokenKind.End)
        {
            return new(attribute, '\0', "", false);
        }

        var character = text[sign.Start];
        if (sign.Kind != CssTokenKind.Delim
            || (character != '='
                && (!"~|^$*".Contains(character, StringComparison.Ordinal) || tokens.Next() is not { Kind: CssTokenKind.Delim })))
        {
            return null;
        }

        var value = tokens.NextSolid();
        var raw = text.AsSpan(value.Start, value.End - value.Start);
        var flag = tokens.NextSolid();
        var mark = text.AsSpan(flag.Start, flag.End - flag.Start);
        if (value.Kind is not (CssTokenKind.String or CssTokenKind.Ident) || !(mark is "" or "i" or "I" or "s" or "S")
            || tokens.NextSolid().Kind != CssTokenKind.End)
        {
            return null;
        }

        return new(
            attribute,
            character,
            value.Kind == CssTokenKind.String ? CssEscape.StringOf(raw) : CssEscape.Resolve(raw),
            mark is "i" or "I" || (mark is "" && CaseInsensitive.Contains(attribute)));
    }
}
