using Microsoft.AspNetCore.Http;
using PushProxy.Testing;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Stylesheets that do not come hold up nobody else's page, whoever asked for them.</summary>
public sealed class SlowOriginTests
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;
    private int _givenUp;

    [Fact]
    public async Task One_page_with_36_slow_sheets_does_not_delay_another_page_of_the_same_client()
    {
        await using var site = await StartAsync();
        await HoldAsync(site, "/slow/1");
        await LearnsAtOnceAsync(site, "/other");
    }

    [Fact]
    public async Task Twenty_slow_pages_of_one_client_do_not_delay_another_clients_page()
    {
        await using var site = await StartAsync();
        await HoldAsync(site, [.. Enumerable.Range(0, 20).Select(i => $"/slow/{i}")]);
        await LearnsAtOnceAsync(site.From("127.0.1.1"), "/other");
    }

    [Fact]
    public async Task Slow_images_and_imports_do_not_delay_another_page_either()
    {
        await using var site = await StartAsync("<style>@import '/hold/a.css';</style></head><body><img src=/hold/a.png><img src=/hold/b.png>");
        await HoldAsync(site, "/slow/1");
        await LearnsAtOnceAsync(site, "/other");
    }

    [Fact]
    public async Task One_view_causes_no_more_fetches_than_the_limit()
    {
        _released.SetResult();
        await using var site = await StartAsync(configure: o => o.Learning = o.Learning with { MaxFetches = 7, NamedBy = 2 });
        using var fetches = new Counters(site, "pushproxy.learning.fetches");
        await site.GetAsync("/slow/1");
        await fetches.UntilAsync("outcome", "over-limit", 32 - 7);
        await fetches.UntilAsync("outcome", "fetched", 7);
        Assert.Equal(7, _held);
        Assert.Equal(7, fetches["outcome", "fetched"]);

        // The analysis reads at most 32 sheets of a page.
        Assert.Equal(32 - 7, fetches["outcome", "over-limit"]);
    }

    [Theory]
    [InlineData("<link rel=stylesheet href=/hold/0.css>")]
    [InlineData("<style>@import '/hold/0.css';</style>")]
    [InlineData("</head><body><img src=/hold/0.png>")]
    public async Task What_never_comes_is_waited_for_only_so_long(string head)
    {
        await using var site = await StartAsync(head, o => o.Learning = o.Learning with { MaxFetchTime = TimeSpan.FromMilliseconds(200) });
        using var fetches = new Counters(site, "pushproxy.learning.fetches");
        await site.UntilReadAsync("/slow/1");
        await fetches.UntilAsync("outcome", "too-slow", 1);
        _released.SetResult();
    }

    [Fact]
    public async Task Pages_that_need_the_same_sheet_at_the_same_time_share_one_fetch()
    {
        await using var site = await StartAsync("<link rel=stylesheet href=/hold/same.css>");
        await Task.WhenAll(site.GetAsync("/slow/1"), site.From("127.0.1.1").GetAsync("/slow/2"), site.From("127.0.2.1").GetAsync("/slow/3"));
        await Eventually.TrueAsync(() => _held > 0, () => "No sheet was asked for.");
        _released.SetResult();
        foreach (var path in new[] { "/slow/1", "/slow/2", "/slow/3" })
        {
            await site.UntilAsync("learned", path);
        }

        Assert.Equal(1, _held);
    }

    // What the page needs is learned while the slow origin is still being waited for, not after.
    private async Task LearnsAtOnceAsync(ProxiedSite site, string path)
    {
        await site.UntilAsync("learned", path);
        Assert.Equal(0, _givenUp);
        Assert.False(_released.Task.IsCompleted);
        _released.SetResult();
    }

    private async Task HoldAsync(ProxiedSite site, params string[] pages)
    {
        foreach (var page in pages)
        {
            await site.GetAsync(page);
        }

        await Eventually.TrueAsync(() => _held > 0, () => "No sheet was asked for.");
    }

    private Task<ProxiedSite> StartAsync(string? head = null, Action<PushProxyOptions>? configure = null)
    {
        head ??= string.Concat(Enumerable.Range(0, 36).Select(i => $"<link rel=stylesheet href=/hold/{i}.css>"));
        return ProxiedSite.StartAsync(
            async http =>
            {
                var path = http.Request.Path.Value!;
                if (!path.StartsWith("/hold/", StringComparison.Ordinal))
                {
                    await ProxiedSite.Html(http, $"<!doctype html><head>{(path.StartsWith("/slow/", StringComparison.Ordinal) ? head : "<link rel=stylesheet href=/a.css>")}</head><body>{path}");
                    return;
                }

                Interlocked.Increment(ref _held);
                http.RequestAborted.Register(() => Interlocked.Increment(ref _givenUp));
                await _released.Task;
                http.Response.ContentType = path.EndsWith("css", StringComparison.Ordinal) ? "text/css" : "text/javascript";
                await http.Response.WriteAsync("/**/");
            },
            o =>
            {
                o.Learning = o.Learning with { MaxFetchTime = TimeSpan.FromMinutes(1) };
                configure?.Invoke(o);
            });
    }
}
