using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>
/// The basic URL parser (URL §4.4) as far as http and https URLs need it: every step that such a URL can't reach is left
/// out, and a URL of another scheme is only recognised as one.
/// </summary>
internal static class HttpUrlParser
{
    /// <summary>Parses <paramref name="input"/> against a base.</summary>
    /// <param name="input">The attribute's value.</param>
    /// <param name="baseUrl">What a relative URL is relative to; without it, relative URLs are invalid.</param>
    /// <param name="documentEncoding">The document's encoding, for the query and nothing else (URL §4.4, query state).</param>
    public static UrlResult Parse(string input, HttpUrl? baseUrl, Encoding documentEncoding)
    {
        var text = Clean(input);

        // What a browser's decoder makes of malformed text in one of the old encodings is its own business, and so is the URL.
        if (documentEncoding is not UTF8Encoding && text.Contains('\uFFFD'))
        {
            return UrlResult.Invalid;
        }

        var scheme = SchemeOf(text);
        if (scheme is null)
        {
            return baseUrl is null ? UrlResult.Invalid : Relative(text, baseUrl, documentEncoding);
        }

        if (scheme is not ("http" or "https"))
        {
            return new(null, OtherScheme: true);
        }

        var rest = text[(scheme.Length + 1)..];

        // "http:app.js" on an http page is relative: a relic every browser keeps ("special relative or authority state").
        return baseUrl is not null && baseUrl.Scheme == scheme && !rest.StartsWith("//", StringComparison.Ordinal)
            ? Relative(rest, baseUrl, documentEncoding)
            : Authority(scheme, rest, documentEncoding);
    }

    // Surrounding controls and spaces go, tabs and line ends go wherever they are (URL §4.4, steps 1 to 3).
    private static string Clean(string input)
    {
        var trimmed = input.AsSpan().Trim(UrlText.ControlsAndSpace);
        return trimmed.IndexOfAny('\t', '\n', '\r') < 0
            ? trimmed.ToString()
            : string.Concat(trimmed.ToString().Split('\t', '\n', '\r'));
    }

    private static string? SchemeOf(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]))
        {
            return null;
        }

        var end = 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '-' or '.'))
        {
            end++;
        }

        return end < text.Length && text[end] == ':' ? text[..end].ToLowerInvariant() : null;
    }

    private static UrlResult Relative(string text, HttpUrl baseUrl, Encoding documentEncoding)
    {
        if (text.Length == 0 || text[0] == '#')
        {
            return new(baseUrl);
        }

        if (IsSlash(text[0]))
        {
            return text.Length > 1 && IsSlash(text[1])
                ? Authority(baseUrl.Scheme, text, documentEncoding)
                : PathAndQuery(baseUrl, text, [], documentEncoding);
        }

        var (path, query) = UrlText.SplitQuery(text);
        if (path.Length == 0)
        {
            return new(baseUrl with { Query = UrlText.EncodeQuery(query!, documentEncoding) });
        }

        var folders = baseUrl.Path.Split('/')[1..^1];
        return PathAndQuery(baseUrl, text, folders, documentEncoding);
    }

    private static UrlResult Authority(string scheme, string text, Encoding documentEncoding)
    {
        var start = 0;
        while (start < text.Length && IsSlash(text[start]))
        {
            start++;
        }

        var length = text.AsSpan(start).IndexOfAny("/\\?#");
        var authority = length < 0 ? text[start..] : text.Substring(start, length);
        var rest = length < 0 ? "" : text[(start + length)..];

        // Browsers refuse to load what has a user name or a password in its URL (Fetch, "includes credentials").
        var at = authority.LastIndexOf('@');
        var hasCredentials = at >= 0 && authority[..at] is not ("" or ":");
        if (hasCredentials || UrlHost.Parse(authority[(at + 1)..], scheme) is not { } host)
        {
            return UrlResult.Invalid;
        }

        return PathAndQuery(new HttpUrl(scheme, host.Name, host.Port, "/", null), rest, [], documentEncoding);
    }

    private static UrlResult PathAndQuery(HttpUrl origin, string text, ReadOnlySpan<string> folders, Encoding documentEncoding)
    {
        var (path, query) = UrlText.SplitQuery(text);
        return new(origin with
        {
            Path = UrlText.NormalisePath(path, folders),
            Query = query is null ? null : UrlText.EncodeQuery(query, documentEncoding),
        });
    }

    private static bool IsSlash(char c) => c is '/' or '\\';
}
