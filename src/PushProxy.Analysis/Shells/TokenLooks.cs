using System.Buffers;
using System.Text.RegularExpressions;

namespace PushProxy.Analysis.Shells;

/// <summary>
/// Tells what may be made for one visitor or one response by its name and its looks. What is the same for all who were seen may still be
/// such: visitors without cookies may share a token for an hour.
/// </summary>
internal static partial class TokenLooks
{
    /// <summary>Shorter values are settings, dates, numbers.</summary>
    private const int MinLength = 20;

    /// <summary>A random value of that length has more different characters, and more digits, than a word.</summary>
    private const int MinDifferent = 10, MinDigits = 3;

    private static readonly SearchValues<char> OfTokens =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-.:");

    // Where a URL or a digest of a file stands, and what only selects and draws. A build puts hashes into them, and they change with the
    // site, not with its visitors.
    private static readonly HashSet<string> OfBuilds = new(StringComparer.OrdinalIgnoreCase)
    {
        "href", "src", "srcset", "integrity", "action", "poster", "data", "class", "id", "for", "style", "d", "points", "sizes",
        "xlink:href", "imagesrcset", "data-src", "data-srcset", "data-href",
    };

    /// <summary>Returns whether an element or a field is called a token.</summary>
    public static bool IsNamed(string name) => TokenName().IsMatch(name);

    /// <summary>Returns whether an attribute's value looks like a token, or holds one as a script does (JSON, event handlers).</summary>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static bool IsToken(string attribute, string value) =>
        OfBuilds.Contains(attribute) ? TokenInQuery().IsMatch(value) : IsRandom(value) || IsInScript(value);

    /// <summary>Returns whether a word of a text looks like a token.</summary>
    public static bool HasRandomWord(ReadOnlySpan<char> text)
    {
        foreach (var word in text.SplitAny(" \t\r\n\f,;()'\"<>"))
        {
            if (IsRandom(text[word]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether a script holds a value that it calls a token.</summary>
    public static bool IsInScript(ReadOnlySpan<char> script) => TokenValue().IsMatch(script);

    private static bool IsRandom(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length < MinLength || value.ContainsAnyExcept(OfTokens) || value.Contains("://", StringComparison.Ordinal))
        {
            return false;
        }

        var (digits, letters) = (0, 0);
        var seen = UInt128.Zero;
        foreach (var c in value)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            seen |= UInt128.One << c;
        }

        return digits >= MinDigits && letters >= MinDigits && UInt128.PopCount(seen) >= MinDifferent && !IsPath(value);
    }

    // /2024/11/some-title-of-an-article has words.
    private static bool IsPath(ReadOnlySpan<char> value) => value[0] is '/' or '.' || LongWord().IsMatch(value);

    [GeneratedRegex(
        "csrf|xsrf|nonce|token|authenticity|__viewstate|__eventvalidation|verificationtoken|sesskey|session",
        RegexOptions.IgnoreCase)]
    private static partial Regex TokenName();

    // What may be repeated is bounded, so that the time does not grow faster than the text.
    [GeneratedRegex(
        """(csrf|xsrf|nonce|token|sesskey|session_?id)\w{0,32}["']?\s{0,8}[:=,]\s{0,8}["'][^"']{6,}["']""", RegexOptions.IgnoreCase)]
    private static partial Regex TokenValue();

    [GeneratedRegex(
        "[?&;]([a-z_-]{0,32}(csrf|xsrf|nonce|token|session)[a-z_-]{0,32}|sesskey|sid|auth)=[^&]{6,}|;jsessionid=", RegexOptions.IgnoreCase)]
    private static partial Regex TokenInQuery();

    [GeneratedRegex("[a-z]{5,}[-_.:/][a-z]{3,}")]
    private static partial Regex LongWord();
}
