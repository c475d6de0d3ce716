using System.Globalization;

namespace PushProxy.Client.Cached;

/// <summary>
/// The cookie that holds a <see cref="CachedSet"/>. Because of the prefix of its name, browsers accept it only with Secure, Path=/ and no
/// Domain. So it belongs to one host, and no other host can set it (RFC 6265bis §4.1.3.2).
/// </summary>
internal static class CacheCookie
{
    public const string Name = "__Host-pushproxy";

    private const string Attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    /// <summary>
    /// Returns the Set-Cookie field value that gives the client <paramref name="set"/>; null if the client already has it.
    /// </summary>
    /// <param name="set">What the request's cookie said, and what was added since.</param>
    /// <param name="current">The value of the cookie in the request; empty if the request has none.</param>
    /// <param name="now">The time. The cookie expires together with its last entry (RFC 6265 §5.2.2).</param>
    /// <param name="maxBytes">The maximum length of name and value together, in bytes.</param>
    public static string? Write(in CachedSet set, ReadOnlySpan<char> current, DateTimeOffset now, int maxBytes)
    {
        if (!set.HasChanged)
        {
            return null;
        }

        Span<char> text = stackalloc char[Math.Clamp(maxBytes - Name.Length - 1, 0, CachedSetFormat.MaxTextLength)];
        text = text[..CachedSetWriter.Write(set, text)];
        var seconds = text.IsEmpty ? 0 : (long)(set.LastExpiry.ToInstant() - now).TotalSeconds;
        if (seconds <= 0)
        {
            text = [];
        }

        if (text.SequenceEqual(current))
        {
            // The entries that did not fit before do not fit now either, and what is over at once is not worth a cookie.
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Name}={text}; Max-Age={seconds}{Attributes}");
    }
}
