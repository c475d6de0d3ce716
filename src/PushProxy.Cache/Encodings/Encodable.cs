using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Encodings;

/// <summary>Decides which responses are encoded.</summary>
internal static class Encodable
{
    /// <summary>Shorter bodies gain nothing: they fit into one packet.</summary>
    public const int MinBytes = 1024;

    /// <summary>Text, and what is stored like text. Images, most fonts, films and archives are compressed already.</summary>
    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/javascript", "application/x-javascript", "application/ecmascript", "application/json", "application/ld+json",
        "application/manifest+json", "application/geo+json", "application/xml", "application/xhtml+xml", "application/rss+xml",
        "application/atom+xml", "application/rdf+xml", "application/wasm", "application/vnd.ms-fontobject", "application/x-font-ttf",
        "font/ttf", "font/otf", "font/collection", "image/svg+xml", "image/bmp", "image/x-icon", "image/vnd.microsoft.icon",
    };

    /// <summary>Returns whether a response may be encoded, as far as its head shows (RFC 9110 §7.7, RFC 9111 §5.2.2.6).</summary>
    /// <param name="response">The response.</param>
    /// <param name="length">The length of its body; null if it is not known.</param>
    public static bool Is(HttpResponse response, long? length)
    {
        var headers = response.Headers;
        return response.StatusCode is >= 200 and not (204 or 206 or 304)
            && headers.ContentEncoding.Count == 0 && headers.ContentRange.Count == 0
            && !(length < MinBytes)
            && IsText(response.ContentType)
            && !ResponseDirectives.Parse(headers.CacheControl).NoTransform;
    }

    private static bool IsText(string? type)
    {
        var text = type.AsSpan();
        var end = text.IndexOf(';');
        var media = (end < 0 ? text : text[..end]).Trim(" \t");
        return media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            ? !media.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)
            : Types.GetAlternateLookup<ReadOnlySpan<char>>().Contains(media);
    }
}
