using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
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

    [Theory]
    [InlineData(65_536, true, "stored")]
    [InlineData(65_537, true, "detail=busy")]
    [InlineData(65_536, false, "stored")]
    [InlineData(65_537, false, "stored")]
    public async Task Bodies_under_way_take_no_more_memory_than_allowed(int length, bool hasLength, string detail)
    {
        await using var site = await BodiesAsync(length, new HttpCacheOptions { MaxBytesUnderWay = 65_536 }, hasLength);
        for (var i = 0; i < 3; i++)
        {
            var answer = await site.GetAsync($"/a.css?{i}");
            Assert.Equal(length, answer.Body.Length);
            Assert.EndsWith(detail, answer["Cache-Status"]);
        }

        var stored = detail == "stored" && length == 65_536;
        await site.GetAsync("/a.css?0");
        Assert.Equal(stored ? 3 : 4, site.Requests);
        Assert.Equal(0, site.Services.GetRequiredService<BytesUnderWay>().Taken);
    }

    [Fact]
    public async Task What_there_is_no_memory_for_is_not_waited_for_and_what_there_is_memory_for_again_is_stored()
    {
        var gates = new[] { "/first.css", "/second.css", "/third.css" }.ToDictionary(static p => p, static _ => new TaskCompletionSource());
        gates["/third.css"].SetResult();
        await using var site = await CachedSite.StartAsync(
            async http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.ContentLength = 60_000;
                await http.Response.WriteAsync(new string('x', 30_000));
                await gates[http.Request.Path].Task;
                await http.Response.WriteAsync(new string('x', 30_000));
            },
            new HttpCacheOptions { MaxBytesUnderWay = 100_000 });
        var memory = site.Services.GetRequiredService<BytesUnderWay>();
        var first = site.GetAsync("/first.css");
        await Eventually.EqualAsync(60_000, () => Task.FromResult(memory.Taken));
        var others = Enumerable.Range(0, 3).Select(_ => site.GetAsync("/second.css")).ToList();
        await Eventually.EqualAsync(4, () => Task.FromResult(site.Requests));
        gates["/second.css"].SetResult();
        Assert.All(await Task.WhenAll(others), static a => Assert.EndsWith("detail=busy", a["Cache-Status"]));
        Assert.All(await Task.WhenAll(others), static a => Assert.Equal(60_000, a.Body.Length));
        gates["/first.css"].SetResult();
        Assert.EndsWith("stored", (await first)["Cache-Status"]);
        await Eventually.EqualAsync(0, () => Task.FromResult(memory.Taken));
        Assert.EndsWith("stored", (await site.GetAsync("/third.css"))["Cache-Status"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_reads_slowly_does_not_slow_others_however_long_the_body_gets(bool isFirstSlow)
    {
        const int Length = 40_000_000;
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(
            async http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                await http.Response.Body.WriteAsync(new byte[10]);
                await gate.Task;
                for (var i = 10; i < Length; i += 100_000)
                {
                    await http.Response.Body.WriteAsync(new byte[Math.Min(100_000, Length - i)], http.RequestAborted);
                }
            },
            new HttpCacheOptions { MaxBodyBytes = 1_000_000 });
        var url = new Uri("/a.css", UriKind.Relative);
        var slow = isFirstSlow ? HeadAsync() : null;
        var fast = isFirstSlow ? null : site.GetAsync("/a.css");
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        slow ??= HeadAsync();
        fast ??= site.GetAsync("/a.css");
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Waiting));
        gate.SetResult();
        Assert.Equal(Length, (await fast.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Body.Length);
        using (await slow)
        {
        }

        // Nobody waits for the next, and all memory comes back.
        Assert.Equal(2, site.Requests);
        await Eventually.EqualAsync(0, () => Task.FromResult(site.Services.GetRequiredService<BytesUnderWay>().Taken));

        Task<HttpResponseMessage> HeadAsync() =>
            site.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_reads_slowly_takes_nothing_from_the_memory_of_what_is_under_way_once_it_is_stored()
    {
        const int Length = 7_000_000;
        await using var site = await BodiesAsync(Length, new HttpCacheOptions());
        using var slow = await site.Client.GetAsync(
            new Uri("/a.css", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Services.GetRequiredService<ResponseStore>().Count));
        await Eventually.EqualAsync(0, () => Task.FromResult(site.Services.GetRequiredService<BytesUnderWay>().Taken));
        Assert.Equal(1, site.Services.GetRequiredService<FlightTable>().Count);
        Assert.Equal(Length, (await slow.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_head_that_does_not_leave_takes_no_memory()
    {
        var fails = true;
        await using var site = await BodiesAsync(1000, new HttpCacheOptions());
        site.InFront = (http, next) =>
        {
            http.Response.OnStarting(() => fails ? throw new InvalidOperationException("It has failed.") : Task.CompletedTask);
            return next(http);
        };
        Assert.Equal(500, (await site.GetAsync("/a.css")).Status);
        Assert.Equal(0, site.Services.GetRequiredService<BytesUnderWay>().Taken);
        fails = false;
        Assert.Equal(200, (await site.GetAsync("/a.css")).Status);
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
