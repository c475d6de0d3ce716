using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Recognises navigations (HTML §7.4) by what the client says about the request, never by the client's name.</summary>
internal static class NavigationRequest
{
    private static readonly string[] ByScript =
        ["X-Requested-With", "HX-Request", "Turbo-Frame", "X-PJAX", "Turbolinks-Referrer", "X-Up-Version", "X-Inertia"];

    /// <summary>Classifies a GET.</summary>
    /// <param name="request">The request.</param>
    /// <param name="skip">Why the request is not a navigation; <see cref="PageSkip.None"/> if it is one.</param>
    public static NavigationKind Classify(HttpRequest request, out PageSkip skip)
    {
        var headers = request.Headers;
        var destination = headers["Sec-Fetch-Dest"];

        // If the client sends Fetch metadata, nothing needs to be guessed. Most requests end here.
        var kind = destination.Count > 0 ? ByDestination(destination[0], headers["Sec-Fetch-Mode"]) : ByAccept(headers.Accept);
        if (kind == NavigationKind.None || (destination.Count == 0 && IsByScript(headers)))
        {
            skip = PageSkip.NotNavigation;
            return NavigationKind.None;
        }

        // A range is requested by a download that continues, not for display (RFC 9110 §14.2).
        if (headers.Range.Count > 0)
        {
            skip = PageSkip.RangeRequest;
            return NavigationKind.None;
        }

        // A page that perhaps nobody will look at is not worth the bandwidth.
        if (IsPrefetch(headers["Sec-Purpose"]) || IsPrefetch(headers["Purpose"]) || IsPrefetch(headers["X-Moz"])
            || IsPrefetch(headers["X-Purpose"]))
        {
            skip = PageSkip.Prefetch;
            return NavigationKind.None;
        }

        skip = PageSkip.None;
        return kind;
    }

    /// <summary>
    /// Returns whether the client may display the answer. If it sends the Fetch standard's destination, documents and frames are displayed;
    /// <c>fetch()</c> and images are not.
    /// </summary>
    public static bool IsForDisplay(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] is var destination
            && (destination.Count == 0 ? !IsByScript(request.Headers) : destination[0] is "document" or "iframe" or "frame" or "");

    // Libraries that ask for a part of a page, or for a page of which they display a part, say so in a field, and accept text/html. The
    // part is often under the page's own URL. Where the browser itself says what it is for, it knows better: an app's browser sends
    // X-Requested-With with each request.
    private static bool IsByScript(IHeaderDictionary headers)
    {
        foreach (var field in ByScript)
        {
            if (headers.ContainsKey(field))
            {
                return true;
            }
        }

        return false;
    }

    // "document" is a top-level navigation (Fetch §2.2.5). Frames are navigations, too.
    private static NavigationKind ByDestination(string? destination, StringValues mode) => destination switch
    {
        _ when mode.Count > 0 && mode[0] != "navigate" => NavigationKind.None,
        "document" => NavigationKind.Document,
        "iframe" or "frame" => NavigationKind.Frame,
        _ => NavigationKind.None,
    };

    private static NavigationKind ByAccept(StringValues accept)
    {
        if (accept.Count == 0)
        {
            return NavigationKind.Unspoken;
        }

        var kind = NavigationKind.None;
        foreach (var line in accept)
        {
            if (line is null)
            {
                continue;
            }

            // Browsers request stylesheets with "text/css,*/*;q=0.1". Only the bare wildcard says that a page is acceptable.
            if (line.Contains("text/html", StringComparison.OrdinalIgnoreCase)
                || line.Contains("application/xhtml", StringComparison.OrdinalIgnoreCase))
            {
                return NavigationKind.Document;
            }

            if (line.Trim() is "*/*" or "text/*")
            {
                kind = NavigationKind.Anything;
            }
        }

        return kind;
    }

    private static bool IsPrefetch(StringValues purpose) =>
        purpose.Count > 0 && purpose[0] is { } text
        && (text.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || text.Contains("prerender", StringComparison.OrdinalIgnoreCase)
            || text.Contains("preview", StringComparison.OrdinalIgnoreCase));
}
