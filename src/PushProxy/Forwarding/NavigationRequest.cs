using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Recognises navigations (HTML §7.4): by what the client says of the request, never by the client's name.</summary>
internal static class NavigationRequest
{
    /// <summary>Looks at a GET.</summary>
    /// <param name="request">The request.</param>
    /// <param name="skip">Why it is no navigation; <see cref="PageSkip.None"/> when it is one.</param>
    public static NavigationKind Classify(HttpRequest request, out PageSkip skip)
    {
        var headers = request.Headers;
        var destination = headers["Sec-Fetch-Dest"];

        // The Fetch metadata, where the client sends it, leaves nothing to guess: most requests end here.
        var kind = destination.Count > 0 ? ByDestination(destination[0], headers["Sec-Fetch-Mode"]) : ByAccept(headers.Accept);
        if (kind == NavigationKind.None || headers.ContainsKey("X-Requested-With"))
        {
            skip = PageSkip.NotNavigation;
            return NavigationKind.None;
        }

        // A part of a page is asked for by a download that goes on, not for display (RFC 9110 §14.2).
        if (headers.Range.Count > 0)
        {
            skip = PageSkip.RangeRequest;
            return NavigationKind.None;
        }

        // A page nobody may ever look at is not worth anybody's bandwidth.
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
    /// Whether the client may display what comes back, by the Fetch standard's destination where it sends one: documents and frames
    /// display it, <c>fetch()</c> and images do not.
    /// </summary>
    public static bool IsForDisplay(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] is var destination
            && (destination.Count == 0 || destination[0] is "document" or "iframe" or "frame" or "");

    // Fetch §2.2.5: "document" is a top-level navigation; frames are navigations, too.
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

            // Browsers ask for stylesheets with "text/css,*/*;q=0.1": only the bare wildcard says that a page will do.
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
