using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Finds out what kind of resource was requested. The answer's Content-Type decides, because the origin states it. What the request says of
/// itself may only contradict: anybody can write it.
/// </summary>
internal static class AssetKind
{
    /// <returns>
    /// The kind; null if the answer is not a stylesheet, script, font or image, or the request's Fetch metadata want something else.
    /// </returns>
    public static ResourceKind? Of(HttpContext http)
    {
        var kind = MediaKind.Of(http.Response.ContentType);
        var destination = http.Request.Headers["Sec-Fetch-Dest"];
        return destination.Count == 0 || (destination.Count == 1 && destination[0] == Destination(kind)) ? kind : null;
    }

    /// <summary>
    /// Returns the CORS mode of the request. Fonts are always fetched in CORS mode (CSS Fonts 4 §4.8.2). Within an origin, a request with
    /// credentials looks the same.
    /// </summary>
    public static CrossOriginMode ModeOf(HttpContext http) =>
        Of(http) == ResourceKind.Font || http.Request.Headers["Sec-Fetch-Mode"] is ["cors"]
            ? CrossOriginMode.Anonymous : CrossOriginMode.None;

    private static string? Destination(ResourceKind? kind) => kind switch
    {
        ResourceKind.Style => "style",
        ResourceKind.Script => "script",
        ResourceKind.Font => "font",
        ResourceKind.Image => "image",
        _ => null,
    };
}
