using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class StoringTests
{
    [Theory]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: s-maxage=60, max-age=0")]
    [InlineData("Cache-Control: MAX-AGE=\"60\"")]
    [InlineData("Cache-Control: public, max-age=60", "Set-Cookie2:")]
    [InlineData("CDN-Cache-Control: max-age=60", "Cache-Control: no-store")]
    [InlineData("Cache-Control: no-store, must-understand, max-age=60")]
    [InlineData("Expires: Sun, 29 Nov 2026 12:05:00 GMT", "Date: Sun, 29 Nov 2026 12:00:00 GMT")]
    [InlineData("Last-Modified: Sun, 29 Nov 2020 12:05:00 GMT")]
    [InlineData("Cache-Control: max-age=60", "Vary: Accept-Encoding, User-Agent")]
    public async Task What_everybody_may_get_is_stored(params string[] fields)
    {
        await using var site = await CachedSite.OfAsync(Parse(fields));
        var (first, second) = (await site.GetAsync("/a.css"), await site.GetAsync("/a.css"));
        Assert.Equal(("body 1", "body 1", 1), (first.Body, second.Body, site.Requests));
        Assert.StartsWith("PushProxy; hit", second["Cache-Status"]);
    }

    [Theory]
    [InlineData("no-store", "Cache-Control: max-age=60, no-store")]
    [InlineData("no-store", "Cache-Control: max-age=60, no-store; x")]
    [InlineData("no-store", "Cache-Control: max-age=60, x=\"no-store")]
    [InlineData("private", "Cache-Control: max-age=60, Private")]
    [InlineData("private", "CDN-Cache-Control: private", "Cache-Control: max-age=60")]
    [InlineData("sets-cookie", "Cache-Control: public, max-age=60", "Set-Cookie: a=b")]
    [InlineData("varies", "Cache-Control: max-age=60", "Vary: *")]
    [InlineData("varies", "Cache-Control: max-age=60", "Vary: , *")]
    [InlineData("varies", "Cache-Control: max-age=60", "Vary: Accept-Encoding, Cookie")]
    [InlineData("varies", "Cache-Control: max-age=60", "Vary: authorization")]
    [InlineData("no-freshness", "Cache-Control: max-age=0")]
    [InlineData("no-freshness", "Cache-Control: max-age=-1")]
    [InlineData("no-freshness", "Cache-Control: max-age=6x")]
    [InlineData("no-freshness", "Cache-Control: max-age=60, max-age=0")]
    [InlineData("no-freshness", "Expires: 0")]
    [InlineData("no-freshness", "X-Nothing: 1")]
    [InlineData("endless", "Cache-Control: max-age=60", "Content-Type: text/event-stream")]
    public async Task What_one_client_gets_or_nobody_may_keep_is_not_stored(string reason, params string[] fields)
    {
        await using var site = await CachedSite.OfAsync(Parse(fields));
        var (first, second) = (await site.GetAsync("/a.css"), await site.GetAsync("/a.css"));
        Assert.Equal(("body 1", "body 2", 2), (first.Body, second.Body, site.Requests));
        Assert.Contains($"detail={reason}", first["Cache-Status"]);
    }

    [Theory]
    [InlineData("Cookie: user=1", "Cache-Control: max-age=60", false)]
    [InlineData("Cookie: user=1", "Last-Modified: Sun, 29 Nov 2020 12:05:00 GMT", false)]
    [InlineData("Cookie: user=1", "Cache-Control: max-age=60, public", true)]
    [InlineData("Cookie: user=1", "Cache-Control: s-maxage=60", true)]
    [InlineData("Cookie: user=1", "CDN-Cache-Control: max-age=60", true)]
    [InlineData("Authorization: Basic x", "Cache-Control: max-age=60", false)]
    [InlineData("Authorization: Basic x", "Cache-Control: max-age=60, public", true)]
    [InlineData("Authorization: Basic x", "Cache-Control: max-age=60, must-revalidate", true)]
    [InlineData("Authorization: Basic x", "Cache-Control: s-maxage=60", true)]
    [InlineData("X-Original-URL: /other", "Cache-Control: max-age=60, public", false)]
    [InlineData("X-HTTP-Method-Override: DELETE", "Cache-Control: max-age=60, public", false)]
    public async Task What_credentials_made_is_stored_only_if_it_is_for_everybody(string request, string response, bool isStored)
    {
        await using var site = await CachedSite.OfAsync(Parse([response]));
        await site.GetAsync("/a.css", Parse([request]));
        Assert.Equal(isStored ? "body 1" : "body 2", (await site.GetAsync("/a.css")).Body);
    }

    [Fact]
    public async Task What_everybody_gets_answers_those_with_cookies_too_but_a_document_only_if_it_says_so()
    {
        await using var site = await CachedSite.StartAsync(static http =>
        {
            http.Response.ContentType = http.Request.Path.Value!.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/html";
            http.Response.Headers.CacheControl = http.Request.Path == "/public" ? "public, max-age=60" : "max-age=60";
        });
        foreach (var path in new[] { "/a.css", "/page", "/public" })
        {
            await site.GetAsync(path);
            await site.GetAsync(path, ("Cookie", "a=b"));
            await site.GetAsync(path, ("Authorization", "Basic x"));
        }

        Assert.Equal(
            ["GET /a.css", "GET /a.css", "GET /page", "GET /page", "GET /page", "GET /public"], site.Asked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("text/html", null, 200, true)]
    [InlineData("text/HTML; charset=utf-8", null, 200, true)]
    [InlineData("application/xhtml+xml", "style", 200, true)]
    [InlineData("text/css", "document", 200, true)]
    [InlineData("text/css", "style", 200, false)]
    [InlineData("text/html", "image", 404, false)]
    [InlineData("text/html", "document", 404, true)]
    [InlineData("application/json", "empty", 200, false)]
    public async Task Assets_are_no_documents(string type, string? dest, int status, bool isDocument)
    {
        await using var site = await CachedSite.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            http.Response.Headers.CacheControl = "max-age=60";
        });
        site.Scope = HttpCacheScope.Assets;
        (string, string)[] fields = dest is null ? [] : [("Sec-Fetch-Dest", dest)];
        await site.GetAsync("/x", fields);
        await site.GetAsync("/x", fields);
        Assert.Equal(isDocument ? 2 : 1, site.Requests);
    }

    [Fact]
    public async Task Nothing_is_stored_where_the_cache_is_off()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60"));
        site.Scope = HttpCacheScope.Off;
        await site.GetAsync("/a.css");
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Fields_of_the_connection_and_those_that_private_and_no_cache_name_are_not_stored()
    {
        await using var site = await CachedSite.StartAsync(static http =>
        {
            var headers = http.Response.Headers;
            headers.CacheControl = "max-age=60, private=\"x-secret\", no-cache=\"x-once, x-twice\"";
            headers.Connection = "x-hop";
            foreach (var name in new[] { "x-secret", "x-once", "x-twice", "x-hop", "Proxy-Authenticate", "Keep-Alive", "x-kept" })
            {
                headers[name] = "1";
            }
        });
        await site.GetAsync("/a");
        var stored = await site.GetAsync("/a");
        Assert.Equal(1, site.Requests);
        Assert.Equal(
            ["x-kept"],
            new[] { "x-secret", "x-once", "x-twice", "x-hop", "Proxy-Authenticate", "x-kept" }.Where(n => stored[n] is not null));
    }

    private static (string, string)[] Parse(string[] fields) =>
        [.. fields.Select(static f => f.Split(": ", 2)).Where(static f => f.Length == 2).Select(static f => (f[0], f[1]))];
}
