using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class InvalidationTests
{
    [Theory]
    [InlineData("POST", 200, true)]
    [InlineData("PUT", 204, true)]
    [InlineData("DELETE", 303, true)]
    [InlineData("M-SEARCH", 200, true)]
    [InlineData("POST", 404, false)]
    [InlineData("POST", 500, false)]
    [InlineData("OPTIONS", 200, false)]
    public async Task What_a_successful_unsafe_request_names_is_asked_for_again(string method, int status, bool isInvalidated)
    {
        await using var site = await CachedSite.StartAsync(http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            if (http.Request.Method != "GET")
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = "/location";
                http.Response.Headers.ContentLocation = $"{http.Request.Scheme}://{http.Request.Host}/content-location?x=%2f";
            }
        });
        string[] paths = ["/it", "/location", "/content-location?x=%2f", "/another"];
        foreach (var path in paths)
        {
            await site.GetAsync(path);
        }

        await site.SendAsync(method, "/it");
        foreach (var path in paths)
        {
            await site.GetAsync(path);
        }

        Assert.Equal(isInvalidated ? 8 : 5, site.Requests);
        Assert.Equal(1, site.Asked.Count(static a => a == "GET /another"));
    }

    [Fact]
    public async Task A_route_that_stores_nothing_invalidates_what_another_has_stored()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        await site.GetAsync("/it");
        site.Scope = HttpCacheScope.Off;
        await site.SendAsync("POST", "/it");
        site.Scope = HttpCacheScope.All;
        Assert.Equal("body 3", (await site.GetAsync("/it")).Body);
    }

    [Theory]
    [InlineData("https://other.test/it")]
    [InlineData("//other.test/it")]
    [InlineData("http://[/it")]
    public async Task Other_sites_and_nonsense_are_left_alone(string location)
    {
        await using var site = await CachedSite.StartAsync(http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            http.Response.Headers.Location = location;
        });
        await site.GetAsync("/it");
        await site.SendAsync("POST", "/form");
        await site.GetAsync("/it");
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Groups_are_invalidated_together()
    {
        await using var site = await CachedSite.StartAsync(static http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            if (http.Request.Method == "POST")
            {
                http.Response.Headers["Cache-Group-Invalidation"] = "\"articles\", \"x\"";
            }
            else
            {
                http.Response.Headers["Cache-Groups"] = http.Request.Path == "/other" ? "\"users\"" : "\"lists\", \"articles\"";
            }
        });
        string[] paths = ["/one", "/two", "/other"];
        foreach (var path in paths)
        {
            await site.GetAsync(path);
        }

        await site.SendAsync("POST", "/edit");
        foreach (var path in paths)
        {
            await site.GetAsync(path);
        }

        Assert.Equal(6, site.Requests);
        Assert.Equal(1, site.Asked.Count(static a => a == "GET /other"));
    }

    [Fact]
    public async Task What_was_asked_for_before_a_purge_is_not_stored_after_it()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            await http.Response.WriteAsync("old");
            await gate.Task;
        });
        var first = site.GetAsync("/a.css");
        await Testing.Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        site.Services.GetRequiredService<ResponseStore>().PurgeAll("");
        gate.SetResult();
        Assert.Equal("old", (await first).Body);
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }
}
