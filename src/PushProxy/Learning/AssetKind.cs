using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>What a request asks for, by its Fetch metadata, else by the answer's content type.</summary>
internal static class AssetKind
{
    /// <returns>Null for what is neither stylesheet, script, font nor image.</returns>
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
    /// How it is asked for. Fonts always are in CORS mode (CSS Fonts 4 §4.8.2); credentials within an origin look the same.
    /// </summary>
    public static CrossOriginMode ModeOf(HttpContext http) =>
        Of(http) == ResourceKind.Font || http.Request.Headers["Sec-Fetch-Mode"] is ["cors"]
            ? CrossOriginMode.Anonymous : CrossOriginMode.None;
}
