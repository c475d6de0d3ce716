using System.Collections.Frozen;

namespace PushProxy.Analysis.Css;

/// <summary>
/// <c>@supports</c> as today's browsers answer it (CSS Conditional 3 §6): yes, except for what never became a standard. A page that
/// asks for something is written for browsers that have it.
/// </summary>
internal static class SupportsCondition
{
    private const int MaxNesting = 16;

    private static readonly FrozenSet<string> DisplayValues = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "none", "block", "inline", "inline-block", "flex", "inline-flex", "grid", "inline-grid", "contents", "flow-root", "list-item",
        "table", "inline-table", "table-cell", "table-row", "table-row-group", "table-caption", "table-column", "ruby", "-webkit-box",
        "-webkit-flex");

    /// <summary>Whether a browser fulfils the condition. What can't be read is not fulfilled.</summary>
    public static bool IsFulfilled(string condition) => Evaluate(CssText.WithoutComments(condition).Trim(), 0) == true;

    // Null: can't be read.
    private static bool? Evaluate(string text, int depth)
    {
        var words = CssText.Words(text);
        if (depth > MaxNesting || words.Count == 0)
        {
            return null;
        }

        if (words[0].Equals("not", StringComparison.OrdinalIgnoreCase))
        {
            return words.Count == 2 ? !Operand(words[1], depth) : null;
        }

        var result = Operand(words[0], depth);
        for (var i = 1; i + 1 < words.Count; i += 2)
        {
            var operand = Operand(words[i + 1], depth);
            result = words[i].ToLowerInvariant() switch
            {
                "and" => result & operand,
                "or" => result | operand,
                _ => null,
            };
        }

        // "(a:b)and(c:d)" is one word, and old enough that browsers refuse it too.
        return words.Count % 2 == 1 ? result : null;
    }

    private static bool? Operand(string word, int depth)
    {
        if (word is ['(', .., ')'])
        {
            var inner = word[1..^1].Trim();
            return inner is ['(', ..] || inner.StartsWith("not ", StringComparison.OrdinalIgnoreCase)
                || inner.StartsWith("not(", StringComparison.OrdinalIgnoreCase)
                || (inner.Contains('(', StringComparison.Ordinal) && inner.IndexOf(':', StringComparison.Ordinal) is var colon
                    && (colon < 0 || colon > inner.IndexOf('(', StringComparison.Ordinal)))
                ? Evaluate(inner, depth + 1)
                : IsDeclarationKnown(inner);
        }

        // selector(), font-tech(), font-format().
        return word.EndsWith(')')
            ? !word.Contains(":-moz-", StringComparison.OrdinalIgnoreCase) && !word.Contains("-ms-", StringComparison.OrdinalIgnoreCase)
            : null;
    }

    private static bool IsDeclarationKnown(string declaration)
    {
        var colon = declaration.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        var name = declaration[..colon].Trim();
        var value = declaration[(colon + 1)..].Trim();
        return value.Length > 0
            && !(IsForeign(name) || IsForeign(value))
            && (!name.Equals("display", StringComparison.OrdinalIgnoreCase) || DisplayValues.Contains(value))
            && (!name.Equals("position", StringComparison.OrdinalIgnoreCase)
                || !value.StartsWith("-webkit-", StringComparison.OrdinalIgnoreCase)
                || value.Equals("-webkit-sticky", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsForeign(string text) => text.StartsWith("-moz-", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("-ms-", StringComparison.OrdinalIgnoreCase) || text.StartsWith("-o-", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("-apple-", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("-webkit-touch-", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("-webkit-overflow-", StringComparison.OrdinalIgnoreCase);
}
