using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class ValidationTests
{
    [Fact]
    public async Task What_is_stale_is_validated_and_its_fields_renewed()
    {
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            count++;
            http.Response.Headers.CacheControl = "max-age=10";
            http.Response.Headers.ETag = "\"v1\"";
            http.Response.Headers["X-Count"] = $"{count}";
            http.Response.Headers.ContentEncoding = count == 1 ? "identity" : "br";
            if (http.Request.Headers.IfNoneMatch == "\"v1\"")
            {
                http.Response.StatusCode = 304;
                return;
            }

            await http.Response.WriteAsync("the body");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(10));
        var renewed = await site.GetAsync("/a.css");
        Assert.Equal((200, "the body", "2", "identity"), (renewed.Status, renewed.Body, renewed["X-Count"], renewed["Content-Encoding"]));
        Assert.Contains("fwd-status=304", renewed["Cache-Status"]);
        site.Time.Advance(TimeSpan.FromSeconds(9));
        var fresh = await site.GetAsync("/a.css");
        Assert.Equal(("2", "9", 2), (fresh["X-Count"], fresh["Age"], site.Requests));
    }

    [Fact]
    public async Task Another_version_replaces_what_is_stored()
    {
        var version = 1;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            http.Response.Headers.ETag = $"\"v{version}\"";
            await http.Response.WriteAsync($"v{version}");
        });
        await site.GetAsync("/a.css");
        (version, _) = (2, 0);
        site.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["v2", "v2"], [(await site.GetAsync("/a.css")).Body, (await site.GetAsync("/a.css")).Body]);
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task A_304_about_another_version_is_not_believed()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.Headers.ETag = "\"v2\"";
                http.Response.StatusCode = 304;
                return;
            }

            http.Response.Headers.ETag = "\"v1\"";
            await http.Response.WriteAsync("asked without condition");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(11));
        var answer = await site.GetAsync("/a.css");
        Assert.Equal((200, "asked without condition", 3), (answer.Status, answer.Body, site.Requests));
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("private, max-age=60")]
    public async Task A_304_that_forbids_to_store_ends_it(string control)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.ETag = "\"v1\"";
            http.Response.Headers.CacheControl = http.Request.Headers.IfNoneMatch.Count > 0 ? control : "max-age=10";
            http.Response.StatusCode = http.Request.Headers.IfNoneMatch.Count > 0 ? 304 : 200;
            if (http.Response.StatusCode == 200)
            {
                await http.Response.WriteAsync("x");
            }
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("x", (await site.GetAsync("/a.css")).Body);
        Assert.StartsWith("PushProxy; fwd=uri-miss", (await site.GetAsync("/a.css"))["Cache-Status"]);
    }

    [Theory]
    [InlineData("If-None-Match", "\"v1\"", 304)]
    [InlineData("If-None-Match", "W/\"v1\"", 304)]
    [InlineData("If-None-Match", "\"a,b\", \"v1\"", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"v2\"", 200)]
    [InlineData("If-None-Match", "nonsense", 200)]
    [InlineData("If-Modified-Since", "Sat, 28 Nov 2026 12:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Sun, 29 Nov 2026 11:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Fri, 27 Nov 2026 12:00:00 GMT", 200)]
    [InlineData("If-Modified-Since", "yesterday", 200)]
    public async Task Conditions_are_answered_from_the_store_and_on_the_way_into_it(string name, string value, int status)
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            Assert.Equal(0, http.Request.Headers.IfNoneMatch.Count + http.Request.Headers.IfModifiedSince.Count);
            http.Response.Headers.CacheControl = "max-age=10";
            http.Response.Headers.ETag = "\"v1\"";
            http.Response.Headers.LastModified = "Sat, 28 Nov 2026 12:00:00 GMT";
            await http.Response.WriteAsync("the body");
        });
        foreach (var answer in new[] { await site.GetAsync("/a.css", (name, value)), await site.GetAsync("/a.css", (name, value)) })
        {
            var tag = value.StartsWith("W/", StringComparison.Ordinal) ? value : "\"v1\"";
            Assert.Equal((status, status == 200 ? "the body" : "", tag), (answer.Status, answer.Body, answer["ETag"]));
        }

        Assert.Equal(("the body", 1), ((await site.GetAsync("/a.css")).Body, site.Requests));
    }

    [Theory]
    [InlineData(HttpCacheScope.Assets)]
    [InlineData(HttpCacheScope.All)]
    public async Task Who_has_a_page_of_his_own_is_told_by_the_origin_that_it_is_still_right(HttpCacheScope scope)
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.ContentType = "text/html";
            http.Response.Headers.CacheControl = "private, no-cache";
            http.Response.Headers.ETag = "\"mine\"";
            http.Response.StatusCode = http.Request.Headers.IfNoneMatch == "\"mine\"" ? 304 : 200;
            if (http.Response.StatusCode == 200)
            {
                await http.Response.WriteAsync("a page");
            }
        });
        site.Scope = scope;
        await site.GetAsync("/account", ("Cookie", "a=b"));
        Assert.Equal(304, (await site.GetAsync("/account", ("Cookie", "a=b"), ("If-None-Match", "\"mine\""))).Status);
    }

    [Theory]
    [InlineData("If-Match", "\"v1\"")]
    [InlineData("If-Unmodified-Since", "Sat, 28 Nov 2026 12:00:00 GMT")]
    public async Task What_only_the_origin_can_say_it_is_asked(string name, string value)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60"));
        await site.GetAsync("/a.css");
        Assert.Equal("body 2", (await site.GetAsync("/a.css", (name, value))).Body);
    }

    [Theory]
    [InlineData("max-age=10, stale-while-revalidate=20", 20, true)]
    [InlineData("max-age=10, stale-while-revalidate=20", 31, false)]
    [InlineData("max-age=10, stale-while-revalidate=20, must-revalidate", 20, false)]
    [InlineData("max-age=10", 20, false)]
    public async Task Stale_while_revalidate_answers_at_once(string control, int age, bool isStale)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", control));
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(age));
        Assert.Equal(isStale ? "body 1" : "body 2", (await site.GetAsync("/a.css")).Body);
        await Eventually.EqualAsync("body 2", async () => (await site.GetAsync("/a.css")).Body);
        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData("max-age=10", 60, true)]
    [InlineData("max-age=10", 71, false)]
    [InlineData("max-age=10, stale-if-error=600", 500, true)]
    [InlineData("max-age=10, stale-if-error=0", 11, false)]
    [InlineData("max-age=10, must-revalidate", 11, false)]
    [InlineData("max-age=10, proxy-revalidate", 11, false)]
    [InlineData("s-maxage=10", 11, false)]
    [InlineData("no-cache", 1, false)]
    public async Task Stale_answers_replace_errors_where_they_may(string control, int age, bool isStale)
    {
        foreach (var failure in new[] { 500, 502, 503, 504, 0 })
        {
            var fails = false;
            await using var site = await CachedSite.StartAsync(async http =>
            {
                if (fails)
                {
                    http.Response.StatusCode = failure > 0 ? failure : throw new InvalidOperationException("The origin has failed.");
                    await http.Response.WriteAsync("an error");
                    return;
                }

                http.Response.Headers.CacheControl = control;
                http.Response.Headers.ETag = "\"v1\"";
                await http.Response.WriteAsync("the body");
            });
            await site.GetAsync("/a.css");
            fails = true;
            site.Time.Advance(TimeSpan.FromSeconds(age));
            var answer = await site.GetAsync("/a.css");
            Assert.Equal(isStale ? (200, "the body") : (failure > 0 ? failure : 500, failure > 0 ? "an error" : ""), (answer.Status, answer.Body));
            fails = false;
            Assert.Equal("the body", (await site.GetAsync("/a.css")).Body);
        }
    }

    [Fact]
    public async Task A_reload_shows_what_is_new_but_can_not_make_the_origin_work_again_and_again()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        await site.GetAsync("/a.css");
        for (var i = 0; i < 3; i++)
        {
            foreach (var reload in new[] { ("Cache-Control", "no-cache"), ("Cache-Control", "max-age=0"), ("Pragma", "no-cache") })
            {
                Assert.Equal($"body {i + 1}", (await site.GetAsync("/a.css", reload)).Body);
            }

            site.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal($"body {i + 2}", (await site.GetAsync("/a.css", ("Cache-Control", "no-cache"))).Body);
        }
    }

    [Fact]
    public async Task Only_if_cached_is_answered_or_504()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        Assert.Equal(504, (await site.GetAsync("/a.css", ("Cache-Control", "only-if-cached"))).Status);
        await site.GetAsync("/a.css");
        Assert.Equal("body 1", (await site.GetAsync("/a.css", ("Cache-Control", "only-if-cached"))).Body);
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public async Task A_request_with_no_store_stores_nothing()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        await site.GetAsync("/a.css", ("Cache-Control", "no-store"));
        Assert.Equal("body 2", (await site.GetAsync("/a.css")).Body);
    }
}
