using System.Buffers;
using System.Globalization;
using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>Dot segments and percent-encoding of paths and queries (URL §1.3 and §4.4).</summary>
internal static class UrlText
{
    /// <summary>What is trimmed off both ends of a URL.</summary>
    public static readonly string ControlsAndSpace = string.Concat(Enumerable.Range(0, 0x21).Select(c => (char)c));

    // Chromium escapes "|" in a path; the standard's path percent-encode set does not have it.
    private static readonly SearchValues<char> PathSafe = Printable(except: " \"#<>?`{}^|");
    private static readonly SearchValues<char> QuerySafe = Printable(except: " \"#<>'");

    /// <summary>Splits off the query and drops the fragment. The query is null when there is no <c>?</c>.</summary>
    public static (string Path, string? Query) SplitQuery(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var end = hash < 0 ? text.Length : hash;
        var mark = text.AsSpan(0, end).IndexOf('?');
        return mark < 0 ? (text[..end], null) : (text[..mark], text[(mark + 1)..end]);
    }

    /// <summary>The absolute path of <paramref name="path"/> in a folder: dot segments resolved, both slashes meaning the same.</summary>
    public static string NormalisePath(string path, ReadOnlySpan<string> folders)
    {
        var segments = new List<string>(folders.Length + 8);
        segments.AddRange(folders);
        var start = path.Length > 0 && path[0] is '/' or '\\' ? 1 : 0;
        while (true)
        {
            var length = path.AsSpan(start).IndexOfAny('/', '\\');
            var last = length < 0;
            var segment = last ? path.AsSpan(start) : path.AsSpan(start, length);
            var dots = DotsIn(segment);
            if (dots == 2 && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }

            if (dots == 0)
            {
                segments.Add(EncodePath(segment));
            }
            else if (last)
            {
                segments.Add("");
            }

            if (last)
            {
                return "/" + string.Join('/', segments);
            }

            start += length + 1;
        }
    }

    /// <summary>
    /// Percent-encodes a query in the document's encoding; what that encoding lacks becomes <c>%26%23…%3B</c> (URL §1.3).
    /// </summary>
    public static string EncodeQuery(string query, Encoding documentEncoding) => Encode(query, QuerySafe, documentEncoding);

    private static string EncodePath(ReadOnlySpan<char> segment) => Encode(segment, PathSafe, Encoding.UTF8);

    // 1 for a single-dot segment, 2 for a double-dot one, else 0; %2e is a dot (URL, "double-dot URL path segment").
    private static int DotsIn(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (segment.Length > 0)
        {
            var taken = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (taken == 0 || ++dots > 2)
            {
                return 0;
            }

            segment = segment[taken..];
        }

        return dots;
    }

    private static string Encode(ReadOnlySpan<char> text, SearchValues<char> safe, Encoding encoding)
    {
        if (text.IndexOfAnyExcept(safe) < 0)
        {
            return text.ToString();
        }

        var result = new StringBuilder(text.Length + 32);
        Span<byte> bytes = stackalloc byte[16];
        Span<char> chars = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && safe.Contains((char)rune.Value))
            {
                result.Append((char)rune.Value);
                continue;
            }

            if (rune.IsAscii || encoding is UTF8Encoding)
            {
                Append(result, bytes[..rune.EncodeToUtf8(bytes)], safe);
                continue;
            }

            try
            {
                // Of a multi-byte character, a byte that is a plain letter stays one: the standard encodes bytes, not characters.
                Append(result, bytes[..encoding.GetBytes(chars[..rune.EncodeToUtf16(chars)], bytes)], safe);
            }
            catch (EncoderFallbackException)
            {
                result.Append(CultureInfo.InvariantCulture, $"%26%23{rune.Value}%3B");
            }
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, ReadOnlySpan<byte> bytes, SearchValues<char> safe)
    {
        foreach (var b in bytes)
        {
            _ = safe.Contains((char)b) ? result.Append((char)b) : result.Append('%').Append(Convert.ToHexString([b]));
        }
    }

    private static SearchValues<char> Printable(string except) =>
        SearchValues.Create(string.Concat(Enumerable.Range(0x21, 0x7f - 0x21).Select(c => (char)c).Except(except)));
}
