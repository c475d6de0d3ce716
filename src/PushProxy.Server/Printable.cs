using System.Globalization;
using System.Text;

namespace PushProxy.Server;

/// <summary>
/// Text for a terminal or a log in which something stands that a site or a client wrote. What would move the cursor, change colours, or
/// turn the direction of reading is written as <c>\u001b</c>, as in JSON, so that everybody sees it, and nothing obeys it.
/// </summary>
internal static class Printable
{
    /// <summary>One line: line ends are written out, too.</summary>
    public static string Line(string text) => Write(text, keepsLines: false);

    /// <summary>Several lines.</summary>
    public static string Lines(string text) => Write(text, keepsLines: true);

    private static string Write(string text, bool keepsLines)
    {
        var first = 0;
        while (first < text.Length && IsPrintable(text, first, keepsLines))
        {
            first++;
        }

        if (first == text.Length)
        {
            // Nearly all texts.
            return text;
        }

        var written = new StringBuilder(text, 0, first, text.Length + 32);
        for (var i = first; i < text.Length; i++)
        {
            if (IsPrintable(text, i, keepsLines))
            {
                written.Append(text[i]);
            }
            else
            {
                written.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
        }

        return written.ToString();
    }

    // Format characters are what turns the direction, and what nobody sees. Surrogates come in pairs or not at all.
    private static bool IsPrintable(string text, int at, bool keepsLines) => text[at] switch
    {
        >= ' ' and <= '~' => true,
        '\n' => keepsLines,
        var c when char.IsSurrogate(c) => IsPrintablePair(text, char.IsLowSurrogate(c) ? at - 1 : at),
        var c => IsPrintable(char.GetUnicodeCategory(c)),
    };

    private static bool IsPrintablePair(string text, int at) =>
        at >= 0 && at + 1 < text.Length && char.IsSurrogatePair(text, at) && IsPrintable(CharUnicodeInfo.GetUnicodeCategory(text, at));

    private static bool IsPrintable(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
