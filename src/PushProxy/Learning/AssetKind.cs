using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>Finds out what kind of resource a request is for, by its Fetch metadata or else by the content type of the answer.</summary>
internal static class AssetKind
{
    /// <returns>The kind; null if it is not a stylesheet, script, font or image.</returns>
    public static ResourceKind? Of(HttpContext http)
    {
        var destination = http.Request.Headers["Sec-Fetch-Dest"];
        return destination.Count > 0 ? destination[0] switch
        {
            "style" => ResourceKind.Style,
            "script" => ResourceKind.Script,
            "font" => ResourceKind.Font,
            "image" => ResourceKind.Image,
            _ => null,
        }
        : http.Response.ContentType is not { } type ? null
        : type.StartsWith("text/css", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Style
        : type.Contains("javascript", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Script
        : type.StartsWith("font/", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Font
        : type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Image
        : null;
    }

    /// <summary>
    /// Returns the CORS mode of the request. Fonts are always fetched in CORS mode (CSS Fonts 4 §4.8.2). Within an origin, a request with
    /// credentials looks the same.
    /// </summary>
    public static CrossOriginMode ModeOf(HttpContext http) =>
        Of(http) == ResourceKind.Font || http.Request.Headers["Sec-Fetch-Mode"] is ["cors"]
            ? CrossOriginMode.Anonymous : CrossOriginMode.None;
}
