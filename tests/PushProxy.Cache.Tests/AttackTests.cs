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
}
