using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// What follows a shell that was wrong: the browser loads the page again, at the same URL, without another entry in its history.
/// </summary>
internal static class ReloadMarker
{
    /// <summary>Returns the markup that follows a shell.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="request">The request that it was sent for.</param>
    public static ReadOnlyMemory<byte> For(Shell shell, HttpRequest request)
    {
        // By script it is quicker, and the referrer and the fragment stay. Where a policy forbids scripts, or they are off, a browser
        // honours a refresh in the body too (HTML §4.2.5.3). It is one or the other: to load twice would be one load too many.
        var refresh = $"<meta http-equiv=\"refresh\" content=\"0;url={HtmlEncoder.Default.Encode(UrlOf(request))}\">";
        return Encoding.ASCII.GetBytes(
            shell.ForbidsScripts ? refresh : $"<script>location.reload()</script><noscript>{refresh}</noscript>");
    }

    // Without a URL, Chromium only moves to the fragment of a page that has one. A base element of the page must not count, nor must a path
    // that begins with two slashes be taken for a host.
    private static string UrlOf(HttpRequest request) =>
        $"//{request.Host.Value}{request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}";
}
