using System.Text;

namespace PushProxy.Analysis.Media;

/// <summary>The little of CSS Syntax that media queries need.</summary>
internal static class MediaText
{
    /// <summary>Comments become nothing, as between CSS tokens.</summary>
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
            result.Append(text, at, start - at);
            var end = text.IndexOf("*/", start + 2, StringComparison.Ordinal);
            at = end < 0 ? text.Length : end + 2;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

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
                    yield return text[start..i];
                    start = i + 1;
                    break;
            }
        }

        yield return text[start..];
    }

    /// <summary>Lower case, one space between words, none at the ends.</summary>
    public static string Normalise(string text) =>
        string.Join(' ', text.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
