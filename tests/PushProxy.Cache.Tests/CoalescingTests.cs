using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class CoalescingTests
{
    [Fact]
    public async Task Five_hundred_requests_for_one_missing_asset_ask_the_origin_once()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            await gate.Task;
            http.Response.Headers.CacheControl = "max-age=60";
            await http.Response.WriteAsync(new string('x', 100_000));
        });
        var clients = Enumerable.Range(0, 500).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        gate.SetResult();
        var answers = await Task.WhenAll(clients);
        Assert.Equal(1, site.Requests);
        Assert.All(answers, static a => Assert.Equal((200, 100_000), (a.Status, a.Body.Length)));
    }

    [Fact]
    public async Task Nobody_waits_for_a_private_page_of_another()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            await gate.Task;
            http.Response.Headers.CacheControl = "private";
            await http.Response.WriteAsync(http.Request.Headers.Cookie.ToString());
        });
        var clients = Enumerable.Range(0, 500).Select(i => site.GetAsync("/account", ("Cookie", $"user={i}"))).ToList();

        // All of them are at the origin before it answers one.
        await Eventually.EqualAsync(500, () => Task.FromResult(site.Requests));
        gate.SetResult();
        var answers = await Task.WhenAll(clients);
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => $"user={i}"), answers.Select(static a => a.Body));
    }

    [Fact]
    public async Task Nobody_waits_for_the_next_answer_of_an_asset_whose_last_one_was_for_one_client()
    {
        var gate = new TaskCompletionSource();
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "private";
            await (Interlocked.Increment(ref count) == 1 ? Task.CompletedTask : gate.Task);
        });
        await site.GetAsync("/a.css");
        var clients = Enumerable.Range(0, 20).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(21, () => Task.FromResult(site.Requests));
        gate.SetResult();
        await Task.WhenAll(clients);
        Assert.Equal(0, site.Services.GetRequiredService<ResponseStore>().Count);
    }

    [Fact]
    public async Task A_head_that_is_not_for_all_releases_all_who_wait_for_it()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            var number = Interlocked.Increment(ref count);
            await gates[number == 1 ? 0 : 1].Task;
            http.Response.Headers.CacheControl = "private";
            await http.Response.WriteAsync($"{number}");
        });
        var clients = Enumerable.Range(0, 50).Select(_ => site.GetAsync("/mine.css")).ToList();
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        gates[0].SetResult();

        // None of the others waits for one that is under way.
        await Eventually.EqualAsync(50, () => Task.FromResult(site.Requests));
        gates[1].SetResult();
        Assert.Equal(50, (await Task.WhenAll(clients)).Select(static a => a.Body).Distinct().Count());
    }

    [Theory]
    [InlineData("Cookie", "user=1")]
    [InlineData("Authorization", "Basic x")]
    [InlineData("X-Original-URL", "/other")]
    public async Task What_one_request_finds_out_does_not_keep_others_from_waiting_for_each_other(string name, string value)
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            await (http.Request.Headers.ContainsKey(name) ? Task.CompletedTask : gate.Task);
            http.Response.Headers.CacheControl = "max-age=60";
            await http.Response.WriteAsync("for all");
        });
        await site.GetAsync("/a.css", (name, value));
        var clients = Enumerable.Range(0, 20).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(19, () => Task.FromResult(Waiting(site)));
        gate.SetResult();
        Assert.All(await Task.WhenAll(clients), static a => Assert.Equal("for all", a.Body));
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task A_first_client_that_goes_away_takes_nothing_from_the_others()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            await gate.Task.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync("whole");
        });
        using var leave = new CancellationTokenSource();
        var first = site.Client.GetAsync(new Uri("/a.css", UriKind.Relative), leave.Token);
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        var second = site.GetAsync("/a.css");
        await Eventually.EqualAsync(1, () => Task.FromResult(Waiting(site)));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        Assert.Equal(("whole", 1), ((await second).Body, site.Requests));
    }

    [Fact]
    public async Task If_everybody_goes_away_the_origin_is_told()
    {
        var left = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        using var leave = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 3).Select(_ => site.Client.GetAsync(new Uri("/a.css", UriKind.Relative), leave.Token)).ToList();
        await Eventually.EqualAsync((1, 2), () => Task.FromResult((site.Requests, Waiting(site))));
        await leave.CancelAsync();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        foreach (var client in clients)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_breaks_off_breaks_off_for_all_and_is_not_stored(bool hasLength)
    {
        var gate = new TaskCompletionSource();
        var isBroken = true;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            if (isBroken)
            {
                http.Response.ContentLength = hasLength ? 1000 : null;
                await http.Response.WriteAsync("the beginning");
                await gate.Task;
                http.Abort();
                return;
            }

            await http.Response.WriteAsync("whole");
        });
        var clients = Enumerable.Range(0, 10).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        gate.SetResult();
        foreach (var client in clients)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client);
        }

        isBroken = false;
        Assert.Equal("whole", (await site.GetAsync("/a.css")).Body);
    }

    [Fact]
    public async Task Others_do_not_wait_for_a_first_client_that_reads_slowly()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = 6_000_000;
            for (var i = 0; i < 6; i++)
            {
                await http.Response.Body.WriteAsync(new byte[1_000_000]);
            }
        });

        // It takes the head and nothing more.
        using var slow = await site.Client.GetAsync(
            new Uri("/a.css", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(6_000_000, (await site.GetAsync("/a.css")).Body.Length);
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public async Task Variants_under_way_are_not_mixed()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            await gate.Task;
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.Vary = "Accept-Language";
            await http.Response.WriteAsync(http.Request.Headers.AcceptLanguage.ToString());
        });
        var clients = Enumerable.Range(0, 60).Select(i => site.GetAsync("/a.css", ("Accept-Language", $"l{i % 4}"))).ToList();
        await Eventually.EqualAsync(true, () => Task.FromResult(site.Requests >= 1));
        gate.SetResult();
        var answers = await Task.WhenAll(clients);
        Assert.Equal(Enumerable.Range(0, 60).Select(static i => $"l{i % 4}"), answers.Select(static a => a.Body));
        Assert.True(site.Requests < 60);
    }

    private static int Waiting(CachedSite site) => site.Services.GetRequiredService<FlightTable>().Waiting;
}
