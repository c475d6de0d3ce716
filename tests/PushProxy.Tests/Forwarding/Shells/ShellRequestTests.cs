using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Forwarding;
using PushProxy.Forwarding.Shells;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding.Shells;

public class ShellRequestTests
{
    private const string Chrome = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";

    private static readonly string[] Browser =
    [
        Chrome, "Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding: gzip, br, zstd", "Accept-Language: de",
        "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none", "Sec-Fetch-User: ?1", "Sec-CH-UA: \"Chromium\"",
        "Upgrade-Insecure-Requests: 1", "Priority: u=0, i", "Host: site.test",
    ];

    [Theory]
    [InlineData]
    [InlineData("Referer: https://site.test/")]
    [InlineData("DNT: 1")]
    [InlineData("Sec-GPC: 1")]
    [InlineData("Save-Data: on")]
    [InlineData("Cache-Control: max-age=0")]
    [InlineData("Origin: https://site.test")]
    public void A_browsers_navigation_may_begin_with_a_shell(params string[] fields) =>
        Assert.Equal(ShellSkip.None, Check("HTTP/2", [.. Browser, .. fields]));

    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/3")]
    public void Only_HTTP_2_may(string protocol) => Assert.Equal(ShellSkip.NotNavigation, Check(protocol, Browser));

    [Theory]
    [InlineData("Sec-Fetch-Dest", "Sec-Fetch-Mode")]
    [InlineData("Sec-Fetch-Dest")]
    [InlineData("Sec-Fetch-Mode")]
    public void Without_Fetch_metadata_none_may(params string[] missing) =>
        Assert.Equal(ShellSkip.NotNavigation, Check("HTTP/2", [.. Browser.Where(f => !missing.Contains(f[..f.IndexOf(':')]))]));

    [Theory]
    [InlineData(ShellSkip.NotNavigation, "Sec-Fetch-Dest: iframe")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Fetch-Dest: frame")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Fetch-Dest: empty")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Fetch-Dest: image")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Fetch-Mode: cors")]
    [InlineData(ShellSkip.NotNavigation, "If-None-Match: \"1\"")]
    [InlineData(ShellSkip.NotNavigation, "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT")]
    [InlineData(ShellSkip.NotNavigation, "If-Match: \"1\"")]
    [InlineData(ShellSkip.NotNavigation, "If-Unmodified-Since: Thu, 01 Jan 2026 00:00:00 GMT")]
    [InlineData(ShellSkip.NotNavigation, "If-Range: \"1\"")]
    [InlineData(ShellSkip.NotNavigation, "Range: bytes=0-1")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Purpose: prefetch")]
    [InlineData(ShellSkip.NotNavigation, "Sec-Purpose: prefetch;prerender")]
    [InlineData(ShellSkip.NotNavigation, "Purpose: prefetch")]
    [InlineData(ShellSkip.NotNavigation, "Cache-Control: no-cache")]
    [InlineData(ShellSkip.NotNavigation, "Cache-Control: no-store")]
    [InlineData(ShellSkip.NotNavigation, "Pragma: no-cache")]
    [InlineData(ShellSkip.UnusualField, "X-Forwarded-Host: evil.test")]
    [InlineData(ShellSkip.UnusualField, "X-Forwarded-For: 10.0.0.1")]
    [InlineData(ShellSkip.UnusualField, "Via: 1.1 proxy")]
    [InlineData(ShellSkip.UnusualField, "Forwarded: for=10.0.0.1")]
    [InlineData(ShellSkip.UnusualField, "CDN-Loop: cdn")]
    [InlineData(ShellSkip.UnusualField, "X-Original-URL: /admin")]
    [InlineData(ShellSkip.UnusualField, "X-Anything: <script>")]
    [InlineData(ShellSkip.Crawler, "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData(ShellSkip.Crawler, "User-Agent: Mozilla/5.0 (compatible; YandexBot/3.0)")]
    [InlineData(ShellSkip.Crawler, "User-Agent: facebookexternalhit/1.1")]
    [InlineData(ShellSkip.Crawler, "User-Agent: Mozilla/5.0 Chrome/156 Chrome-Lighthouse")]
    [InlineData(ShellSkip.Crawler, "User-Agent: W3C_Validator/1.3")]
    [InlineData(ShellSkip.Crawler, "User-Agent: Baiduspider")]
    internal void Others_may_not(ShellSkip skip, string field) => Assert.Equal(skip, Check("HTTP/2", Replace(field)));

    [Theory]
    [InlineData("Cookie: session=1")]
    [InlineData("Authorization: Basic YTpi")]
    public void Members_may_only_if_it_is_switched_on(string field)
    {
        Assert.Equal(ShellSkip.Cookies, Check("HTTP/2", Replace(field)));
        Assert.Equal(ShellSkip.None, Check("HTTP/2", Replace(field), withCookies: true));
    }

    [Theory]
    [InlineData("X-Forwarded-Host: evil.test", ShellSkip.UnusualField)]
    [InlineData("Sec-Fetch-Dest: iframe", ShellSkip.NotNavigation)]
    internal void And_then_not_with_what_others_may_not_have(string field, ShellSkip skip) =>
        Assert.Equal(skip, Check("HTTP/2", [.. Replace(field), "Cookie: session=1"], withCookies: true));

    private static string[] Replace(string field)
    {
        var name = field[..(field.IndexOf(':', StringComparison.Ordinal) + 1)];
        return [.. Browser.Where(f => !f.StartsWith(name, StringComparison.Ordinal)), field];
    }

    private static ShellSkip Check(string protocol, string[] fields, bool withCookies = false)
    {
        var http = new DefaultHttpContext();
        http.Request.Protocol = protocol;
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            http.Request.Headers.Append(field[..colon], field[(colon + 2)..]);
        }

        var kind = NavigationRequest.Classify(http.Request, out var notNavigation);
        var key = new PageKey("route", "site.test", "/page");
        var visit = new PageVisit(kind, notNavigation, key, "", PageAudience.IsMember(http.Request), default, 0)
        {
            IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
        };
        return ShellRequest.Check(http, visit, new ShellOptions { WithCookies = withCookies });
    }
}
