using Microsoft.AspNetCore.Http;
using PushProxy.Inspection;
using PushProxy.Server.Inspection;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Inspection;

public class PageReaderTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_that_never_ends_is_given_up(bool begins)
    {
        await using var site = await TestSite.StartAsync(async http =>
        {
            if (begins)
            {
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<!DOCTYPE html>", Cancellation);
            }

            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), insecure: false, TimeSpan.FromSeconds(0.2));

        var thrown = await Assert.ThrowsAsync<PageUnavailableException>(() => reader.InspectAsync(site.Address, Cancellation));

        Assert.Equal("the page did not arrive within 0.2 seconds", thrown.Message);
    }

    [Fact]
    public async Task Of_a_page_without_end_no_more_is_read_than_the_proxy_would()
    {
        await using var site = await TestSite.StartAsync(static async http =>
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<!DOCTYPE html><link rel=stylesheet href=/a.css>");
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(new string(' ', 8192));
            }
        });
        var options = new PushProxyOptions { Learning = new LearningOptions { MaxPageBytes = 4096 } };
        using var reader = new PageReader(new PageInspector(options), insecure: false, TimeSpan.FromSeconds(30));

        var page = await reader.InspectAsync(site.Address, Cancellation);

        Assert.Equal($"{site.Address}/a.css", Assert.Single(page.Resources).Url);
    }

    [Fact]
    public async Task Who_asked_can_stop_it()
    {
        await using var site = await TestSite.StartAsync(static http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), insecure: false, TimeSpan.FromSeconds(30));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.InspectAsync(site.Address, stop.Token));
    }
}
