using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Flights;

/// <summary>
/// Decides whether requests wait for each other. Who waits for an answer that turns out to be for one client alone has waited in vain, so
/// only requests whose answers are usually everybody's do: by what the browser will do with them, or by the name.
/// </summary>
internal static class Sharing
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".css", ".js", ".mjs", ".json", ".map", ".wasm", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".bmp", ".woff",
        ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".webm", ".ogg", ".txt", ".xml", ".pdf", ".zip", ".gz",
    };

    /// <summary>
    /// Returns the key of those who may wait for each other. What a request with cookies is answered may be for it alone, so those without
    /// cookies do not wait for it, and what it finds out says nothing about them.
    /// </summary>
    public static string KeyOf(string key, HttpRequest request) => request.Headers.Cookie.Count > 0 ? $"cookie {key}" : key;

    public static bool IsLikely(HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0 || StoringRules.IsOdd(request.Headers))
        {
            return false;
        }

        var dest = request.Headers["Sec-Fetch-Dest"];
        if (dest.Count == 1)
        {
            if (dest[0] is "style" or "script" or "font" or "image" or "audio" or "video" or "track" or "manifest" or "worker"
                or "sharedworker" or "serviceworker" or "audioworklet" or "paintworklet" or "xslt")
            {
                return true;
            }

            if (dest[0] is "document" or "iframe" or "frame")
            {
                return false;
            }
        }

        return Extensions.Contains(Path.GetExtension(request.Path.Value ?? ""));
    }
}
