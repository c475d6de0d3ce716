using System.Text;

namespace PushProxy.Analysis.Media;

/// <summary>The little of CSS Syntax that media queries need.</summary>
internal static class MediaText
{
    /// <summary>The longest attribute that is read, in characters. Real ones stay below 200.</summary>
    public const int MaxLength = 1024;

    /// <summary>Lower case, comments gone, one space between words, none at the ends.</summary>
    public static string Normalise(string text) =>
        string.Join(' ', WithoutComments(text).Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>Splits at commas outside brackets.</summary>
    public static IEnumerable<string> SplitAtCommas(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}' when depth > 0:
                    depth--;
                    break;
                case ',' when depth == 0:
                    yield return text[start..i].Trim();
                    start = i + 1;
                    break;
            }
        }

        yield return text[start..].Trim();
    }

    // A comment separates what stands on its two sides.
    private static string WithoutComments(string text)
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
}
