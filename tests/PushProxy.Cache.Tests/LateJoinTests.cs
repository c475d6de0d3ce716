using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>Who comes while the answer to another is still on its way, because the origin or that other one is slow.</summary>
public sealed class LateJoinTests
{
    [Theory]
    [InlineData("no-cache")]
    [InlineData("max-age=0")]
    [InlineData("max-age=10")]
    public async Task Nobody_gets_what_is_old_because_the_first_client_reads_slowly(string control)
    {
        var (site, slow) = await SlowlyReadAsync(control, isBroken: false);
        await using (site)
        using (slow)
        {
            site.Time.Advance(TimeSpan.FromSeconds(11));
            Assert.StartsWith("2", (await site.GetAsync("/a.css")).Body);
        }
    }

    [Fact]
    public async Task Nobody_gets_what_has_broken_off_before_he_came()
    {
        var (site, slow) = await SlowlyReadAsync("max-age=60", isBroken: true);
        await using (site)
        using (slow)
        {
            Assert.StartsWith("2", (await site.GetAsync("/a.css")).Body);
        }
    }

    [Fact]
    public async Task Nobody_gets_what_was_taken_back_because_the_first_client_reads_slowly()
    {
        var (site, slow) = await SlowlyReadAsync("max-age=600", isBroken: false, takesBack: true);
        await using (site)
        using (slow)
        {
            // It is validated for somebody with a cookie, and the origin says no-store.
            site.Time.Advance(TimeSpan.FromSeconds(11));
            await Eventually.EqualAsync(1, () => Task.FromResult(site.Services.GetRequiredService<ResponseStore>().Count));
            await site.GetAsync("/a.css", ("Cookie", "a=b"), ("Cache-Control", "no-cache"), ("Range", "bytes=0-0"));
            Assert.StartsWith("3", (await site.GetAsync("/a.css")).Body);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_asks_after_a_removal_does_not_wait_for_what_was_asked_for_before(bool isWithinBody)
    {
        var gate = new TaskCompletionSource();
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            var number = Interlocked.Increment(ref count);
            http.Response.Headers.CacheControl = "max-age=60";
            if (isWithinBody)
            {
                await http.Response.StartAsync();
            }

            await (number == 1 ? gate.Task : Task.CompletedTask);
            await http.Response.WriteAsync($"{number}");
        });
        var first = site.GetAsync("/a.css");
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        site.Services.GetRequiredService<ResponseStore>().PurgeAll("");
        var second = site.GetAsync("/a.css");
        await Eventually.EqualAsync(2, () => Task.FromResult(site.Requests));
        gate.SetResult();
        Assert.Equal(("1", "2"), ((await first).Body, (await second).Body));
    }

    // More than the buffers of both sides take.
    private static async Task<(CachedSite Site, HttpResponseMessage Slow)> SlowlyReadAsync(
        string control, bool isBroken, bool takesBack = false)
    {
        var (count, isOver) = (0, new TaskCompletionSource());
        var site = await CachedSite.StartAsync(async http =>
        {
            var number = Interlocked.Increment(ref count);
            http.Response.Headers.CacheControl = control;
            http.Response.Headers.ETag = $"\"{number}\"";
            if (takesBack && http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                http.Response.Headers.ETag = http.Request.Headers.IfNoneMatch;
                http.Response.Headers.CacheControl = "no-store";
                return;
            }

            await http.Response.WriteAsync(number + new string('x', number == 1 ? 7_000_000 : 10));
            isOver.TrySetResult();
            if (isBroken && number == 1)
            {
                throw new IOException("broken off");
            }
        });
        var slow = await site.Client.GetAsync(
            new Uri("/a.css", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, slow.StatusCode);
        await isOver.Task;
        await Eventually.EqualAsync(0, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Open));
        return (site, slow);
    }
}
