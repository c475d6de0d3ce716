using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>
/// What a navigation says of the browser's cache. Only <see cref="Hard"/> overrides what is known of it: on an ordinary reload
/// Chromium (seen in 103 and 156) asks for the page itself again, with a condition, and takes what the page needs from its cache as ever.
/// A browser that asks for that with conditions, too, is answered 304: it would have no use for a body.
/// </summary>
internal enum Reload
{
    /// <summary>No reload.</summary>
    None,

    /// <summary>
    /// <c>Cache-Control: max-age=0</c>: the page is to be validated (RFC 9111 §5.2.1.1), as a browser's reload button and
    /// <c>location.reload()</c> ask.
    /// </summary>
    Page,

    /// <summary>
    /// <c>no-cache</c> (RFC 9111 §5.2.1.4): the page and all it needs are fetched anew, past the cache. Shift and reload; or
    /// "disable cache" in developer tools.
    /// </summary>
    Hard,
}

/// <summary>Recognises reloads.</summary>
internal static class ReloadDetection
{
    public static Reload Of(IHeaderDictionary request)
    {
        if (request.CacheControl.Count == 0)
        {
            // Pragma counts only where there is no Cache-Control (RFC 9111 §5.4).
            return request.Pragma is [{ } pragma] && pragma.AsSpan().Trim(" \t").Equals("no-cache", StringComparison.OrdinalIgnoreCase)
                ? Reload.Hard
                : Reload.None;
        }

        var control = CacheControl.Parse(request.CacheControl);
        return control.NoCache || control.NoStore ? Reload.Hard : control.MaxAge == 0 ? Reload.Page : Reload.None;
    }
}
