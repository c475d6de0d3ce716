using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Media;

/// <summary>The little of CSS Syntax that media queries need.</summary>
internal static class MediaText
{
    /// <summary>The longest attribute that is read, in characters. Real ones stay below 200.</summary>
    public const int MaxLength = 1024;

    /// <summary>Lower case, comments gone, one space between words, none at the ends.</summary>
    public static string Normalise(string text) =>
        string.Join(' ', CssText.WithoutComments(text).Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .ToLowerInvariant();

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
}
