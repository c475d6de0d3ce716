using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What the fields of one request could make another client get.</summary>
public sealed class FieldAttackTests
{
    [Fact]
    public async Task A_coding_that_requests_are_not_told_apart_by_is_for_nobody_else()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.Vary = "Accept-Encoding";
            http.Response.Headers.ContentEncoding =
                http.Request.Headers.AcceptEncoding.ToString() == "br, compress" ? "compress" : default(string);
            await http.Response.WriteAsync("x");
        });
        await site.GetAsync("/a.css", ("Accept-Encoding", "br, compress"));
        Assert.Null((await site.GetAsync("/a.css", ("Accept-Encoding", "br")))["Content-Encoding"]);
    }

    [Theory]
    [InlineData("gzip;Q=0")]
    [InlineData("br;q=0, gzip;\tq=0")]
    public async Task What_is_refused_is_not_given_however_that_is_written(string accept)
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.Vary = "Accept-Encoding";
            http.Response.Headers.ContentEncoding = http.Request.Headers.AcceptEncoding == "gzip" ? "gzip" : "identity";
            await http.Response.WriteAsync("x");
        });
        await site.GetAsync("/a.css", ("Accept-Encoding", "gzip"));
        Assert.NotEqual("gzip", (await site.GetAsync("/a.css", ("Accept-Encoding", accept)))["Content-Encoding"]);
    }

    [Fact]
    public async Task What_a_304_says_to_somebody_with_a_cookie_is_not_said_to_others()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.ETag = "\"a\"";
            http.Response.Headers["X-User"] = http.Request.Headers.Cookie.ToString();
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.StatusCode = 304;
                return;
            }

            await http.Response.WriteAsync("x");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(61));
        await site.GetAsync("/a.css", ("Cookie", "me"));
        Assert.NotEqual("me", (await site.GetAsync("/a.css"))["X-User"]);
    }

    [Fact]
    public async Task A_variant_by_the_asking_site_is_renewed_in_the_background()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=1, stale-while-revalidate=600";
            http.Response.Headers.Vary = "Origin";
            await http.Response.WriteAsync("x");
        });
        await site.GetAsync("/a.css", ("Origin", "https://a.test"));
        site.Time.Advance(TimeSpan.FromSeconds(5));
        await site.GetAsync("/a.css", ("Origin", "https://a.test"));
        await Eventually.EqualAsync("0", async () => (await site.GetAsync("/a.css", ("Origin", "https://a.test")))["Age"]);
    }
}
