using System.Text;

namespace PushProxy.Analysis.Rules;

/// <summary>
/// The markup that an inline script writes into the page with <c>document.write("…")</c>, as far as it stands there in strings: old
/// pages load their scripts and stylesheets so, and a browser blocks for them as if they stood in the page.
/// </summary>
internal static class WrittenMarkup
{
    private const int MaxLength = 64 * 1024;

    // Between the name and the bracket stand two letters and white space.
    private const int LongestGap = 32;

    /// <summary>What is written, and whether only under a condition.</summary>
    /// <param name="script">The script's text.</param>
    public static List<(string Markup, bool IsConditional)> Find(string script)
    {
        var found = new List<(string, bool)>();
        if (script.Length > MaxLength)
        {
            return found;
        }

        var before = 0;
        for (var at = 0; (at = script.IndexOf("document.write", at, StringComparison.Ordinal)) >= 0;)
        {
            var start = at;
            at += "document.write".Length;
            var open = script.IndexOf('(', at, Math.Min(LongestGap, script.Length - at));
            if (open >= 0 && script[at..open].Trim() is "" or "ln" && Strings(script, open + 1, out var end) is { } markup)
            {
                found.Add((markup, IsConditional(script[before..start])));
                before = at = end;
            }
        }

        return found;
    }

    // "window.jQuery || document.write(…)", "if (…) document.write(…)", and what stands in a function, which may never be called.
    private static bool IsConditional(string before) =>
        before.Contains("||", StringComparison.Ordinal) || before.Contains("&&", StringComparison.Ordinal)
        || before.Contains('?', StringComparison.Ordinal)
        || before.Contains("if", StringComparison.Ordinal) || before.Contains("function", StringComparison.Ordinal)
        || before.Contains("=>", StringComparison.Ordinal);

    // One string, or several with "+" between them; null for anything else.
    private static string? Strings(string script, int at, out int end)
    {
        var text = new StringBuilder();
        while (true)
        {
            at = SkipSpace(script, at);
            end = at;
            if (at >= script.Length || script[at] is not ('"' or '\''))
            {
                return null;
            }

            at = SkipSpace(script, ReadString(script, at, text));
            end = at;
            if (at >= script.Length || script[at] is not ('+' or ')'))
            {
                return null;
            }

            if (script[at++] == ')')
            {
                return text.ToString();
            }
        }
    }

    private static int ReadString(string script, int at, StringBuilder text)
    {
        var quote = script[at++];
        for (; at < script.Length && script[at] != quote; at++)
        {
            if (script[at] != '\\' || at + 1 >= script.Length)
            {
                text.Append(script[at]);
                continue;
            }

            // "\x3C" and "\u003c" stand for "<", which an inline script must not contain before "/script".
            var digits = script[++at] switch { 'x' => 2, 'u' => 4, _ => 0 };
            if (digits > 0 && at + digits < script.Length
                && int.TryParse(
                    script.AsSpan(at + 1, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var character))
            {
                text.Append((char)character);
                at += digits;
            }
            else
            {
                text.Append(script[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var c => c });
            }
        }

        return Math.Min(at + 1, script.Length);
    }

    private static int SkipSpace(string script, int at)
    {
        while (at < script.Length && char.IsWhiteSpace(script[at]))
        {
            at++;
        }

        return at;
    }
}
