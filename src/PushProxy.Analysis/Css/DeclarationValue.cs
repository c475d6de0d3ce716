namespace PushProxy.Analysis.Css;

/// <summary>Reads what stands between the colon and the end of a declaration.</summary>
internal static class DeclarationValue
{
    // Longer ones are data URLs in the main; what is taken from those is that they are no other URL.
    private const int MaxLength = 16 * 1024;

    /// <summary>Splits off <c>!important</c>. False: there is no value, or one that is not kept.</summary>
    public static bool Read(ReadOnlySpan<char> text, out string value, out bool isImportant)
    {
        isImportant = false;
        value = "";
        var tokens = new CssTokenizer(text);
        var (end, mark) = (0, -1);
        var start = -1;
        while (tokens.Next() is { Kind: not CssTokenKind.End } token)
        {
            if (token.Kind == CssTokenKind.Space)
            {
                continue;
            }

            start = start < 0 ? token.Start : start;
            if (mark >= 0 && token.Kind == CssTokenKind.Ident
                && text[token.Start..token.End].Equals("important", StringComparison.OrdinalIgnoreCase))
            {
                (isImportant, end) = (true, mark);
                continue;
            }

            mark = token.Kind == CssTokenKind.Delim && text[token.Start] == '!' ? token.Start : -1;
            end = token.End;
            isImportant = false;
        }

        if (start < 0 || end <= start)
        {
            return false;
        }

        var result = text[start..end].Trim();
        value = result.Length <= MaxLength ? result.ToString()
            : result.Contains("url(", StringComparison.OrdinalIgnoreCase) ? "url(data:,)" : "";
        return value.Length > 0;
    }
}
