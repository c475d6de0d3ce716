using System.Globalization;

namespace PushProxy.Client.Cached;

/// <summary>
/// The cookie that carries a <see cref="CachedSet"/>. Its prefix has browsers accept it only with Secure, Path=/ and no Domain: it belongs
/// to one host, and no other can set it (RFC 6265bis §4.1.3.2).
/// </summary>
internal static class CacheCookie
{
    public const string Name = "__Host-pushproxy";

    private const string Attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    /// <summary>The field value of the Set-Cookie that gives the client <paramref name="set"/>; null when that is not needed.</summary>
    /// <param name="set">What the request's cookie said, and what has come to it since.</param>
    /// <param name="current">The value of the cookie in the request; empty when there was none.</param>
    /// <param name="now">The cookie ends with the last of its entries (RFC 6265 §5.2.2).</param>
    /// <param name="maxBytes">The longest that name and value may be, in bytes.</param>
    public static string? Write(in CachedSet set, ReadOnlySpan<char> current, DateTimeOffset now, int maxBytes)
    {
        if (!set.HasChanged)
        {
            return null;
        }

        Span<char> text = stackalloc char[Math.Clamp(maxBytes - Name.Length - 1, 0, CachedSetFormat.MaxTextLength)];
        text = text[..CachedSetWriter.Write(set, text)];
        if (text.SequenceEqual(current))
        {
            // What had been left out for want of room was left out again.
            return null;
        }

        var seconds = text.IsEmpty ? 0 : (long)(set.LastExpiry.ToInstant() - now).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{Name}={text}; Max-Age={seconds}{Attributes}");
    }
}
