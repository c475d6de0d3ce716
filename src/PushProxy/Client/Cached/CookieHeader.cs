using Microsoft.Extensions.Primitives;

namespace PushProxy.Client.Cached;

/// <summary>Finds <see cref="CacheCookie"/> in a Cookie field and removes it (RFC 6265 §4.2, RFC 9113 §8.2.3).</summary>
internal static class CookieHeader
{
    /// <summary>
    /// Finds the cookie and returns its value without quotes. Returns false if the field does not contain it. If it appears several times,
    /// the first one counts.
    /// </summary>
    public static bool TryFind(StringValues cookie, out ReadOnlySpan<char> value)
    {
        foreach (var line in cookie)
        {
            var rest = line.AsSpan();
            if (!rest.Contains(CacheCookie.Name, StringComparison.Ordinal))
            {
                continue;
            }

            while (!rest.IsEmpty)
            {
                if (IsOurs(Next(ref rest), out value))
                {
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>
    /// Returns the field as the origin may see it, without any pair of this name. Everything else stays byte for byte as it was, except the
    /// space that separated a removed pair from the next one. Returns the same instance if nothing was removed, and an empty value if
    /// nothing is left.
    /// </summary>
    public static StringValues Remove(StringValues cookie)
    {
        if (!TryFind(cookie, out _))
        {
            return cookie;
        }

        if (cookie is [{ } only])
        {
            return Remove(only);
        }

        var left = new List<string>(cookie.Count);
        foreach (var line in cookie)
        {
            if (line is not null && Remove(line) is { } kept)
            {
                left.Add(kept);
            }
        }

        return left.ToArray();
    }

    /// <summary>Returns null if the line contained nothing else.</summary>
    private static string? Remove(string line)
    {
        Span<char> room = line.Length <= 1024 ? stackalloc char[line.Length] : new char[line.Length];
        var rest = line.AsSpan();
        var (length, kept, removed) = (0, 0, 0);
        for (var more = true; more;)
        {
            var semicolon = rest.IndexOf(';');
            more = semicolon >= 0;
            var pair = Next(ref rest);
            if (IsOurs(pair, out _))
            {
                removed++;
                continue;
            }

            // If pairs before it were removed, the first remaining pair begins the line. A field value does not begin with a space.
            pair = kept == 0 && removed > 0 ? pair.TrimStart(" \t") : pair;
            if (kept++ > 0)
            {
                room[length++] = ';';
            }

            pair.CopyTo(room[length..]);
            length += pair.Length;
        }

        return removed == 0 ? line : length == 0 ? null : room[..length].ToString();
    }

    /// <summary>
    /// Returns the text before the next semicolon. Quotes do not protect a semicolon, because no browser sends one in a value (RFC 6265
    /// §4.1.1).
    /// </summary>
    private static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(';');
        var pair = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return pair;
    }

    private static bool IsOurs(ReadOnlySpan<char> pair, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        if (equals < 0 || !pair[..equals].Trim(" \t").SequenceEqual(CacheCookie.Name))
        {
            value = default;
            return false;
        }

        value = pair[(equals + 1)..].Trim(" \t");
        value = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
        return true;
    }
}
