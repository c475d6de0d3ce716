using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>
/// What a navigation says about the browser's cache. Only <see cref="Hard"/> overrides what is known of the cache. On an ordinary reload
/// Chromium (seen in 103 and 156) revalidates the page and takes what the page needs from its cache as usual. A browser that revalidates
/// those resources too is answered 304, so a body would be of no use to it.
/// </summary>
internal enum Reload
{
    /// <summary>The navigation is not a reload.</summary>
    None,

    /// <summary>
    /// <c>Cache-Control: max-age=0</c>: the browser revalidates the page (RFC 9111 §5.2.1.1). Its reload button and
    /// <c>location.reload()</c> do this.
    /// </summary>
    Page,

    /// <summary>
    /// <c>no-cache</c> (RFC 9111 §5.2.1.4): the browser fetches the page and all it needs again and bypasses its cache. Shift with reload
    /// does this, and "disable cache" in the developer tools.
    /// </summary>
    Hard,
}

/// <summary>Recognises reloads by the request's Cache-Control and Pragma.</summary>
internal static class ReloadDetection
{
    public static Reload Of(IHeaderDictionary request)
    {
        if (request.CacheControl.Count == 0)
        {
            // Pragma counts only if the request has no Cache-Control (RFC 9111 §5.4).
            return request.Pragma is [{ } pragma] && pragma.AsSpan().Trim(" \t").Equals("no-cache", StringComparison.OrdinalIgnoreCase)
                ? Reload.Hard
                : Reload.None;
        }

        var control = CacheControl.Parse(request.CacheControl);
        return control.NoCache || control.NoStore ? Reload.Hard : control.MaxAge == 0 ? Reload.Page : Reload.None;
    }
}
