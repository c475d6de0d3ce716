using System.Text;

namespace PushProxy.Analysis.Css;

/// <summary>Takes values apart.</summary>
internal static class CssText
{
    /// <summary>Comments gone; each separates what stands on its two sides.</summary>
    public static string WithoutComments(string text)
    {
        if (!text.Contains("/*", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf("/*", at, StringComparison.Ordinal) is >= 0 and var start)
        {
            result.Append(text, at, start - at).Append(' ');
            var end = text.IndexOf("*/", start + 2, StringComparison.Ordinal);
            at = end < 0 ? text.Length : end + 2;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The parts of a value between commas that are in no bracket and no string.</summary>
    public static List<string> SplitAtCommas(string value) => Split(value, CssTokenKind.Comma);

    /// <summary>The parts of a value between white space that is in no bracket and no string. A slash is a part of its own.</summary>
    public static List<string> Words(string value) => Split(value, CssTokenKind.Space);

    /// <summary>
    /// The families of a <c>font-family</c>, in order; names without quotes are in lower case only where they are generic.
    /// </summary>
    public static List<string> FamilyNames(string value)
    {
        var families = new List<string>();
        foreach (var part in SplitAtCommas(value))
        {
            if (part is ['"' or '\'', ..])
            {
                families.Add(CssEscape.StringOf(part));
            }
            else if (part.Length > 0 && !part.Contains('(', StringComparison.Ordinal))
            {
                families.Add(CssEscape.Resolve(string.Join(' ', Words(part))));
            }
        }

        return families;
    }

    /// <summary>The URLs in a value, in order: those of <c>url()</c> and, in <c>image-set()</c>, the strings.</summary>
    public static IEnumerable<string> Urls(string value)
    {
        var found = new List<string>();
        var tokens = new CssTokenizer(value);
        var inSet = false;
        var isUrl = false;
        while (tokens.Next() is { Kind: not CssTokenKind.End } token)
        {
            var text = value.AsSpan(token.Start, token.End - token.Start);
            if (token.Kind == CssTokenKind.Url)
            {
                found.Add(CssEscape.UrlOf(text));
            }
            else if (token.Kind == CssTokenKind.String && (isUrl || inSet))
            {
                found.Add(CssEscape.StringOf(text));
            }

            if (token.Kind == CssTokenKind.Function)
            {
                inSet |= text.Contains("image-set(", StringComparison.OrdinalIgnoreCase);
                isUrl = text.Equals("url(", StringComparison.OrdinalIgnoreCase);
                inSet &= !text.Equals("type(", StringComparison.OrdinalIgnoreCase);
            }
            else if (token.Kind != CssTokenKind.Space)
            {
                isUrl = false;
            }
        }

        return found;
    }

    private static List<string> Split(string value, CssTokenKind separator)
    {
        var parts = new List<string>();
        var tokens = new CssTokenizer(value);
        var depth = 0;
        var start = 0;
        while (true)
        {
            var token = tokens.Next();
            var isSlash = separator == CssTokenKind.Space && depth == 0 && token.Kind == CssTokenKind.Delim && value[token.Start] == '/';
            if (token.Kind == CssTokenKind.End || (depth == 0 && (token.Kind == separator || isSlash)))
            {
                var part = value.AsSpan(start, token.Start - start).Trim();
                if (separator == CssTokenKind.Comma || part.Length > 0)
                {
                    parts.Add(part.ToString());
                }

                if (token.Kind == CssTokenKind.End)
                {
                    return parts;
                }

                if (isSlash)
                {
                    parts.Add("/");
                }

                start = token.End;
            }

            depth += token.Kind is CssTokenKind.Open or CssTokenKind.Function ? 1 : token.Kind == CssTokenKind.Close && depth > 0 ? -1 : 0;
        }
    }
}
