using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>An attribute as written, for logs and headers.</summary>
internal static class PrintableUrl
{
    private const int LongestAttribute = 200;

    /// <summary>The text, cut to a length, with everything but printable ASCII percent-encoded. A URL stays as it is.</summary>
    public static string Of(string text, int maxLength)
    {
        if (text.Length <= maxLength && text.StartsWith("http", StringComparison.Ordinal) && text.All(IsPrintable))
        {
            return text;
        }

        var result = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, LongestAttribute)).EnumerateRunes())
        {
            _ = rune.IsAscii && IsPrintable((char)rune.Value)
                ? result.Append((char)rune.Value)
                : result.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return text.Length > LongestAttribute ? result.Append("...").ToString() : result.ToString();
    }

    private static bool IsPrintable(char c) => c is > ' ' and < '\x7f' and not ('"' or '<' or '>');
}
