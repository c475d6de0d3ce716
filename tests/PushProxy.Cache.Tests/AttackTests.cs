using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What one client, or an origin that does strange things, could make another client see.</summary>
public sealed class AttackTests
{
    [Theory]
    [InlineData("image", "document")]
    [InlineData("empty", "iframe")]
    public async Task What_somebody_without_cookies_got_instead_of_an_image_is_no_page_for_those_with(string dest, string navigation)
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentType = "text/html";
            http.Response.StatusCode = http.Request.Headers.Cookie.Count > 0 ? 200 : 403;
            await http.Response.WriteAsync(http.Request.Headers.Cookie.ToString());
        });
        await site.GetAsync("/account", ("Sec-Fetch-Dest", dest));
        var answer = await site.GetAsync("/account", ("Sec-Fetch-Dest", navigation), ("Cookie", "me"));
        Assert.Equal((200, "me"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("text/html", 2)]
    [InlineData("text/css", 1)]
    public async Task A_document_made_for_a_cookie_is_not_everybodys_because_it_never_changes(string type, int requests)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60, immutable"), ("Content-Type", type));
        await site.GetAsync("/a", ("Cookie", "me"));
        await site.GetAsync("/a");
        Assert.Equal(requests, site.Requests);
    }

    [Theory]
    [InlineData("Vary", "Cookie")]
    [InlineData("Vary", "*")]
    [InlineData("Vary", "X-Variant")]
    [InlineData("Cache-Control", "max-age=60, x=\"no-store")]
    public async Task A_304_that_says_it_is_not_for_all_any_more_is_believed(string name, string value)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.ETag = "\"v\"";
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.StatusCode = 304;
                http.Response.Headers[name] = value;
                return;
            }

            await http.Response.WriteAsync("body");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("body", (await site.GetAsync("/a.css")).Body);
        await site.GetAsync("/a.css");
        Assert.Equal(3, site.Requests);
    }
}
