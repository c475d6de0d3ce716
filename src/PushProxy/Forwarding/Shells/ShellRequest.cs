using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>Decides by the request alone whether its page may begin with a shell, and whether its answer may teach one.</summary>
internal static class ShellRequest
{
    // What browsers send with a navigation. An origin may put any field into its answer without naming it in Vary. Who sends other fields
    // neither teaches what others are sent, nor is sent what others taught.
    private static readonly FrozenSet<string> Known = new[]
    {
        "Host", ":authority", ":method", ":path", ":scheme", "Accept", "Accept-Encoding", "Accept-Language", "Available-Dictionary",
        "Authorization", "Cache-Control", "Cookie", "Connection", "Device-Memory", "Dictionary-ID", "DNT", "Downlink", "DPR", "ECT",
        "Origin", "Pragma", "Priority", "Referer", "RTT", "Save-Data", "TE", "Upgrade-Insecure-Requests", "User-Agent", "Viewport-Width",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Words by which crawlers and tools name themselves, and links to what they are.
    private static readonly string[] Crawlers =
        ["bot", "crawl", "spider", "slurp", "+http", "facebookexternalhit", "lighthouse", "preview", "archive", "monitor", "validator"];

    /// <summary>Returns why the page may neither begin with a shell nor teach one; <see cref="ShellSkip.None"/> if it may.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">The page view that it begins.</param>
    /// <param name="options">Whether visitors with cookies get shells.</param>
    public static ShellSkip Check(HttpContext http, PageVisit visit, ShellOptions options)
    {
        var headers = http.Request.Headers;
        if (visit.Kind != NavigationKind.Document || visit.NotNavigation != PageSkip.None || visit.IsHardReload
            || !HttpProtocol.IsHttp2(http.Request.Protocol) || headers["Sec-Fetch-Dest"] != "document"
            || headers["Sec-Fetch-Mode"] != "navigate" || IsConditional(headers))
        {
            return ShellSkip.NotNavigation;
        }

        if (visit.IsMember && !options.WithCookies)
        {
            return ShellSkip.Cookies;
        }

        if (!IsOrdinary(headers))
        {
            return ShellSkip.UnusualField;
        }

        return IsCrawler(headers.UserAgent.ToString()) ? ShellSkip.Crawler : ShellSkip.None;
    }

    private static bool IsConditional(IHeaderDictionary headers) => headers.IfNoneMatch.Count > 0 || headers.IfModifiedSince.Count > 0
        || headers.IfMatch.Count > 0 || headers.IfUnmodifiedSince.Count > 0 || headers.IfRange.Count > 0;

    private static bool IsOrdinary(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (!Known.Contains(name) && !name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCrawler(string userAgent)
    {
        foreach (var word in Crawlers)
        {
            if (userAgent.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
