using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What is stored changes while the origin is asked whether it is still right.</summary>
public sealed class RenewalTests
{
    private const string Text = "text/css";

    [Theory]
    [InlineData("no-store")]
    [InlineData("private")]
    public async Task What_the_origin_takes_back_is_gone_even_if_it_was_encoded_meanwhile(string control)
    {
        var gate = new TaskCompletionSource();
        await using var site = await StartAsync(async http =>
        {
            await gate.Task;
            http.Response.Headers.CacheControl = control;
            http.Response.StatusCode = StatusCodes.Status304NotModified;
        });
        await site.GetAsync("/a.css");
        var validating = await ValidateAsync(site, requests: 2);
        var store = site.Services.GetRequiredService<ResponseStore>();
        var key = CacheKey.Of("http", site.Address.Authority, "/a.css");
        var stored = store.Peek(key, new HeaderDictionary())!;
        store.Encoded(key, stored, []);
        Assert.NotSame(stored, store.Peek(key, new HeaderDictionary()));
        gate.SetResult();
        Assert.StartsWith("1", (await validating).Body);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task A_newer_version_stays_when_the_origin_confirms_an_older_one()
    {
        var gate = new TaskCompletionSource();
        await using var site = await StartAsync(async http =>
        {
            if (http.Request.Headers.Cookie.Count == 0)
            {
                http.Response.Headers.ETag = "\"2\"";
                await http.Response.WriteAsync("2");
                return;
            }

            await gate.Task;
            http.Response.StatusCode = StatusCodes.Status304NotModified;
        });
        await site.GetAsync("/a.css");
        var validating = await ValidateAsync(site, requests: 2);
        Assert.Equal("2", (await site.GetAsync("/a.css", ("Cache-Control", "no-cache"))).Body);
        gate.SetResult();
        await validating;
        Assert.Equal(("2", 3), ((await site.GetAsync("/a.css")).Body, site.Requests));
    }

    [Fact]
    public async Task What_must_be_validated_each_time_gets_its_smallest_forms_all_the_same()
    {
        await using var site = await StartAsync(
            static http =>
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            },
            "no-cache");
        site.Encodes = false;
        await site.GetAsync("/a.css");
        site.Encodes = true;
        await site.GetAsync("/a.css", ("Accept-Encoding", "br"));
        await Eventually.TrueAsync(() => site.Services.GetRequiredService<EncodingWorker>().IsIdle, () => "Forms are still being made.");
        var answer = await site.GetAsync("/a.css", ("Accept-Encoding", "br"));
        Assert.Equal("br", answer["Content-Encoding"]);
        Assert.NotNull(answer["Content-Length"]);
        Assert.NotNull(site.Services.GetRequiredService<ResponseStore>().Peek(
            CacheKey.Of("http", site.Address.Authority, "/a.css"), new HeaderDictionary { ["Accept-Encoding"] = "br" })!.Forms);
    }

    // The first answer is of version 1; then the origin answers as it is told to.
    private static Task<CachedSite> StartAsync(Func<HttpContext, Task> then, string control = "max-age=600")
    {
        var count = 0;
        return CachedSite.StartAsync(http =>
        {
            http.Response.Headers.CacheControl = control;
            http.Response.Headers.ETag = "\"1\"";
            http.Response.ContentType = Text;
            return Interlocked.Increment(ref count) == 1 ? http.Response.WriteAsync("1" + new string('x', 5000)) : then(http);
        });
    }

    // With a cookie, so that it does not wait for others, nor they for it.
    private static async Task<Task<Answer>> ValidateAsync(CachedSite site, int requests)
    {
        await Eventually.TrueAsync(() => site.Services.GetRequiredService<EncodingWorker>().IsIdle, () => "Forms are still being made.");
        site.Time.Advance(TimeSpan.FromSeconds(11));
        var validating = site.GetAsync("/a.css", ("Cookie", "a=b"), ("Cache-Control", "no-cache"));
        await Eventually.EqualAsync(requests, () => Task.FromResult(site.Requests));
        return validating;
    }
}
