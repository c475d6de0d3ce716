using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class BoundsTests
{
    [Fact]
    public async Task What_is_asked_for_again_survives_what_is_asked_for_once()
    {
        await using var site = await BodiesAsync(10_000, new HttpCacheOptions { MaxBytes = 1024 * 1024 });
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                await site.GetAsync($"/often{i}.css");
            }
        }

        Assert.Equal(20, site.Requests);
        for (var i = 0; i < 1000; i++)
        {
            await site.GetAsync($"/once.css?{i}");
        }

        var before = site.Requests;
        for (var i = 0; i < 20; i++)
        {
            await site.GetAsync($"/often{i}.css");
        }

        Assert.Equal(before, site.Requests);
        Assert.InRange(site.Services.GetRequiredService<ResponseStore>().Bytes, 200_000, 1024 * 1024);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task A_body_longer_than_allowed_passes_and_is_not_stored(int length, bool isStored)
    {
        foreach (var hasLength in new[] { true, false })
        {
            await using var site = await BodiesAsync(length, new HttpCacheOptions { MaxBodyBytes = 1024 }, hasLength);
            Assert.Equal(length, (await site.GetAsync("/a.css")).Body.Length);
            Assert.Equal(length, (await site.GetAsync("/a.css")).Body.Length);
            Assert.Equal(isStored ? 1 : 2, site.Requests);
        }
    }

    [Fact]
    public async Task Variants_of_one_url_are_bounded()
    {
        await using var site = await CachedSite.StartAsync(
            static async http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.Headers.Vary = "X-Any";
                await http.Response.WriteAsync(new string('x', 1000));
            },
            new HttpCacheOptions { MaxVariants = 16 });
        for (var i = 0; i < 500; i++)
        {
            await site.GetAsync("/a.css", ("X-Any", $"{i}"));
        }

        Assert.InRange(site.Services.GetRequiredService<ResponseStore>().Bytes, 16_000, 60_000);
        await site.GetAsync("/a.css", ("X-Any", "499"));
        Assert.Equal(500, site.Requests);
    }

    [Theory]
    [InlineData(3, 300)]
    [InlineData(300, 20)]
    public async Task A_vary_that_chooses_by_too_much_is_not_stored(int names, int length)
    {
        var vary = string.Join(", ", Enumerable.Range(0, names).Select(i => $"x{i}-{new string('a', length)}"));
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60"), ("Vary", vary));
        var field = ($"x0-{new string('a', length)}", new string('v', 4000));
        await site.GetAsync("/a.css", field);
        await site.GetAsync("/a.css", field);
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Nothing_is_kept_longer_than_allowed()
    {
        await using var site = await CachedSite.StartAsync(
            static async http =>
            {
                http.Response.Headers.CacheControl = "max-age=31536000";
                await http.Response.WriteAsync("x");
            },
            new HttpCacheOptions { MaxRetention = TimeSpan.FromHours(1) });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromMinutes(59));
        await site.GetAsync("/a.css");
        Assert.Equal(1, site.Requests);
        site.Time.Advance(TimeSpan.FromMinutes(2));
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public void A_setting_outside_its_range_is_an_error_that_names_it()
    {
        using var services = new ServiceCollection().AddLogging().AddHttpCache(static o => o.GetType()
            .GetProperty(nameof(o.MaxVariants))!.SetValue(o, 0)).BuildServiceProvider();
        var error = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            services.GetRequiredService<ResponseStore>);
        Assert.Contains("MaxVariants", error.Message);
    }

    private static Task<CachedSite> BodiesAsync(int length, HttpCacheOptions options, bool hasLength = true) => CachedSite.StartAsync(
        async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = hasLength ? length : null;
            await http.Response.WriteAsync(new string('x', length));
        },
        options);
}
