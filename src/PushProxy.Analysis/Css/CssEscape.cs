using System.Globalization;
using System.Text;

namespace PushProxy.Analysis.Css;

/// <summary>Escapes in names, strings and URLs (CSS Syntax 3 §4.3.7).</summary>
internal static class CssEscape
{
    /// <summary>
    /// Where the escape at <paramref name="at"/> ends: up to six hexadecimal digits and one white space, or one character.
    /// </summary>
    public static int End(ReadOnlySpan<char> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && end < at + 7 && char.IsAsciiHexDigit(text[end]))
        {
            end++;
        }

        return end == at + 1 ? Math.Min(at + 2, text.Length)
            : end < text.Length && text[end] is ' ' or '\t' or '\n' or '\r' or '\f' ? end + 1
            : end;
    }

    /// <summary>The text with its escapes resolved.</summary>
    public static string Resolve(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('\\') < 0)
        {
            return text.ToString();
        }

        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '\\')
            {
                result.Append(text[at++]);
                continue;
            }

            var end = End(text, at);
            var escape = text[(at + 1)..end];
            at = end;
            if (escape.Length == 0 || escape[0] is '\n' or '\r' or '\f')
            {
                // A line end behind a backslash goes on with the string.
                at += escape is ['\r'] && at < text.Length && text[at] == '\n' ? 1 : 0;
            }
            else if (char.IsAsciiHexDigit(escape[0]))
            {
                var value = int.Parse(escape.TrimEnd(" \t\n\r\f"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                result.Append(value != 0 && Rune.TryCreate(value, out var rune) ? rune.ToString() : "\uFFFD");
            }
            else
            {
                result.Append(escape);
            }
        }

        return result.ToString();
    }

    /// <summary>The content of a string token.</summary>
    public static string StringOf(ReadOnlySpan<char> token)
    {
        var content = token[1..];
        if (content.Length > 0 && content[^1] == token[0])
        {
            // An even number of backslashes in front of the quote escape each other.
            var inner = content[..^1];
            content = (inner.Length - inner.TrimEnd('\\').Length) % 2 == 0 ? inner : content;
        }

        return Resolve(content);
    }

    /// <summary>The content of a token <c>url(…)</c> without quotes.</summary>
    public static string UrlOf(ReadOnlySpan<char> token)
    {
        var content = token[(token.IndexOf('(') + 1)..];
        return Resolve((content is [.., ')'] ? content[..^1] : content).Trim(" \t\n\r\f"));
    }
}
