using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Sheets;

/// <summary>Reads the prelude of an <c>@import</c>: URL, then layer, supports and media, in this order (CSS Cascade 5 §2).</summary>
internal static class ImportReader
{
    /// <summary>The import; null where it names no URL.</summary>
    /// <param name="prelude">What stands between <c>@import</c> and the semicolon.</param>
    /// <param name="anonymousLayer">A name for a layer that has none.</param>
    public static ImportRule? Read(string prelude, Func<string> anonymousLayer)
    {
        var tokens = new CssTokenizer(prelude);
        var first = tokens.NextSolid();
        var text = prelude.AsSpan(first.Start, first.End - first.Start);
        string url;
        switch (first.Kind)
        {
            case CssTokenKind.String:
                url = CssEscape.StringOf(text);
                break;
            case CssTokenKind.Url:
                url = CssEscape.UrlOf(text);
                break;
            case CssTokenKind.Function when text.Equals("url(", StringComparison.OrdinalIgnoreCase)
                && tokens.NextSolid() is { Kind: CssTokenKind.String } inner && tokens.NextSolid().Kind == CssTokenKind.Close:
                url = CssEscape.StringOf(prelude.AsSpan(inner.Start, inner.End - inner.Start));
                break;
            default:
                return null;
        }

        var words = CssText.Words(prelude[tokens.Position..]);
        string? layer = null;
        if (words is [var word, ..] && (word.Equals("layer", StringComparison.OrdinalIgnoreCase) || IsFunction(word, "layer")))
        {
            layer = word.Length == 5 ? anonymousLayer() : word[6..].TrimEnd(')').Trim();
            words.RemoveAt(0);
        }

        var isSupported = true;
        if (words is [var condition, ..] && IsFunction(condition, "supports"))
        {
            isSupported = SupportsCondition.IsFulfilled(condition["supports".Length..]);
            words.RemoveAt(0);
        }

        return new(url, string.Join(' ', words), layer, isSupported);
    }

    private static bool IsFunction(string word, string name) =>
        word.Length > name.Length && word[name.Length] == '(' && word.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
