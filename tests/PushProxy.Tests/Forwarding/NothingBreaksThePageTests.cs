using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>Whatever fails in learning and delivering: the bytes pass, and a counter says so.</summary>
public class NothingBreaksThePageTests
{
    private const string Page = "<head><link rel=stylesheet href=/a.css></head>";

    [Fact]
    public async Task A_store_that_fails()
    {
        await using var site = await ProxiedSite.StartAsync(http => ProxiedSite.Html(http, Page));
        site.Services.GetRequiredService<PageStore>().Dispose();
        using var errors = new Counters(site, "pushproxy.errors");
        var answer = await site.GetAsync();
        Assert.Equal(Page, Encoding.UTF8.GetString(answer.Body));
        Assert.Equal(1, errors["stage", "delivery"]);
    }

    [Fact]
    public async Task No_room_for_a_copy()
    {
        await using var site = await ProxiedSite.StartAsync(
            () => Page, o => o.Learning = o.Learning with { MaxBufferedBytes = 64 * 1024, MaxPageBytes = 16 * 1024 * 1024 });
        var budget = site.Services.GetRequiredService<CopyBudget>();
        Assert.True(budget.TryReserve(64 * 1024));
        using var skipped = new Counters(site, "pushproxy.learning.skipped");
        var answer = await site.GetAsync();
        Assert.Equal(Page, Encoding.UTF8.GetString(answer.Body));
        Assert.NotNull(answer.Link);
        Assert.Equal(1, skipped["reason", "busy"]);
        budget.Return(64 * 1024);
        await site.UntilAsync("learned");
        await UntilGivenBackAsync(budget);
    }

    [Fact]
    public async Task A_body_that_is_not_what_it_says()
    {
        await using var site = await ProxiedSite.StartAsync(http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return ProxiedSite.Html(http, Page);
        });
        using var skipped = new Counters(site, "pushproxy.learning.skipped");
        Assert.Equal(Page, Encoding.UTF8.GetString((await site.GetAsync()).Body));
        await skipped.UntilAsync("reason", "broken-body", 1);
        Assert.Equal(0, site.Services.GetRequiredService<PageStore>().Count);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_not_learned()
    {
        var arrived = new TaskCompletionSource();
        await using var site = await ProxiedSite.StartAsync(async http =>
        {
            http.Response.ContentType = "text/html";
            http.Response.ContentLength = 100_000;
            await http.Response.WriteAsync(Page);
            await http.Response.Body.FlushAsync();
            await arrived.Task;
            http.Abort();
        });
        using var skipped = new Counters(site, "pushproxy.learning.skipped");
        using var response = await site.OpenAsync();
        arrived.SetResult();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await skipped.UntilAsync("reason", "broken-body", 1);
        Assert.Equal(0, site.Services.GetRequiredService<PageStore>().Count);
        await UntilGivenBackAsync(site.Services.GetRequiredService<CopyBudget>());
    }

    [Fact]
    public async Task More_pages_than_can_be_analysed_pass_all_the_same()
    {
        await using var site = await ProxiedSite.StartAsync(
            http => ProxiedSite.Html(http, Page + http.Request.Path), o => o.Learning = o.Learning with { MaxQueuedPages = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => site.GetAsync($"/{i}")));
        Assert.All(answers, a => Assert.NotNull(a.Link));
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal($"{Page}/{i}", Encoding.UTF8.GetString(answers[i].Body));
        }

        await UntilGivenBackAsync(site.Services.GetRequiredService<CopyBudget>());
    }

    // A page is known a moment before its copy is given back, and one that was asked for meanwhile has a copy, too.
    private static Task UntilGivenBackAsync(CopyBudget budget) =>
        Eventually.TrueAsync(() => budget.Used == 0, () => $"Copies of {budget.Used} bytes were not given back.");
}
