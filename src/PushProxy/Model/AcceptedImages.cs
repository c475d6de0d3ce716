using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// Which of the newer image types a client displays, as far as <c>Accept</c> in its request for the page says. Chromium lists them there.
/// Firefox and Safari do not.
/// </summary>
[Flags]
internal enum AcceptedImages
{
    /// <summary>The client lists none.</summary>
    Unknown = 0,

    /// <summary>The client lists some, so it does not display those that it does not list.</summary>
    Listed = 1,

    Avif = 2,
    WebP = 4,
    Jxl = 8,
}

/// <summary>Reads and compares image types.</summary>
internal static class ImageTypes
{
    /// <summary>Returns what a request says.</summary>
    public static AcceptedImages AcceptedBy(StringValues accept)
    {
        var accepted = AcceptedImages.Unknown;
        foreach (var line in accept)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                accepted |= Flag(text[part]);
            }
        }

        return accepted;
    }

    /// <summary>Returns whether it depends on the client's types whether it takes a resource.</summary>
    public static bool Matter(CriticalResource resource) => resource.OtherTypes is not null || Of(resource.Type) != AcceptedImages.Unknown;

    /// <summary>Returns whether a client takes a resource; null if it does not say so, and the type of the link decides.</summary>
    public static bool? Takes(AcceptedImages accepted, CriticalResource resource) =>
        resource.OtherTypes is not null && (!accepted.HasFlag(AcceptedImages.Listed) || accepted.HasFlag(AcceptedImages.Jxl)) ? false
        : Of(resource.Type) is var type && type == AcceptedImages.Unknown ? true
        : accepted.HasFlag(AcceptedImages.Listed) ? accepted.HasFlag(type)
        : null;

    // A type with the weight 0 is not accepted (RFC 9110 §12.4.2), but it is listed.
    private static AcceptedImages Flag(ReadOnlySpan<char> range)
    {
        var end = range.IndexOf(';');
        var type = (end < 0 ? range : range[..end]).Trim();
        return !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type is "image/*" ? AcceptedImages.Unknown
            : end >= 0 && range[(end + 1)..].Trim().TrimEnd("0.") is "q=" or "Q=" ? AcceptedImages.Listed
            : AcceptedImages.Listed | Of(type);
    }

    private static AcceptedImages Of(ReadOnlySpan<char> type) =>
        Is(type, "image/avif") ? AcceptedImages.Avif
        : Is(type, "image/webp") ? AcceptedImages.WebP
        : Is(type, "image/jxl") ? AcceptedImages.Jxl
        : AcceptedImages.Unknown;

    private static bool Is(ReadOnlySpan<char> type, string name) => type.Equals(name, StringComparison.OrdinalIgnoreCase);
}
