using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What is known from the head on does not wait for the body.</summary>
public sealed class HeadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("flush", "identity")]
    [InlineData("start", "identity")]
    [InlineData("nothing", "identity")]
    [InlineData("flush", "br")]
    [InlineData("start", "br")]
    public async Task The_head_leaves_when_it_comes(string how, string coding)
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentType = "text/css";
            http.Response.ContentLength = 2000;
            await (how switch
            {
                "flush" => http.Response.Body.FlushAsync(),
                "start" => http.Response.StartAsync(),
                _ => http.Response.Body.WriteAsync(ReadOnlyMemory<byte>.Empty).AsTask(),
            });
            await gate.Task;
            await http.Response.WriteAsync(new string('x', 2000));
        });
        using var first = await HeadAsync();
        using var second = await HeadAsync();
        Assert.Equal((200, 200, 1), ((int)first.StatusCode, (int)second.StatusCode, site.Requests));
        gate.SetResult();
        foreach (var response in new[] { first, second })
        {
            var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(coding == "br" ? "br" : null, response.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.True(coding == "br" ? body.Length < 1000 : body.Length == 2000);
        }

        async Task<HttpResponseMessage> HeadAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/a.css");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
            return await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Head_and_body_leave_together_if_they_come_together()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = 4;
            await http.Response.Body.WriteAsync("body"u8.ToArray());
        });
        using var connection = new TcpClient(site.Address.Host, site.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /a.css HTTP/1.1\r\nHost: {site.Address.Authority}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        var received = new byte[10_000];
        var length = await stream.ReadAsync(received, TestContext.Current.CancellationToken);
        Assert.EndsWith("\r\n\r\nbody", Encoding.ASCII.GetString(received, 0, length));
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("waits before its body")]
    [InlineData("does not end")]
    public async Task A_stale_response_answers_when_the_head_of_the_error_comes(string error)
    {
        var (fails, isOver) = (false, new TaskCompletionSource());
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            if (!fails)
            {
                await http.Response.WriteAsync("body");
                return;
            }

            http.Response.StatusCode = 503;
            try
            {
                if (error == "waits before its body")
                {
                    http.Features.Get<IHttpCacheFeature>()!.TakeHead();
                }
                else
                {
                    await http.Response.WriteAsync("an error");
                }

                while (error == "does not end")
                {
                    await http.Response.Body.WriteAsync(new byte[10_000]);
                }

                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
            finally
            {
                isOver.SetResult();
            }
        });
        await site.GetAsync("/a.css");
        fails = true;
        site.Time.Advance(TimeSpan.FromSeconds(11));
        var answer = await site.GetAsync("/a.css").WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((200, "body"), (answer.Status, answer.Body));
        Assert.Contains("stale-if-error", answer["Cache-Status"]);
        await isOver.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_for_a_failing_origin_is_answered_when_the_head_comes(bool takesHead)
    {
        var (fails, head, end) = (false, new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            if (!fails)
            {
                await http.Response.WriteAsync("body");
                return;
            }

            await head.Task;
            http.Response.StatusCode = 503;
            await (takesHead ? Task.FromResult(http.Features.Get<IHttpCacheFeature>()!.TakeHead()) : http.Response.StartAsync());
            await end.Task;
        });
        await site.GetAsync("/a.css");
        fails = true;
        site.Time.Advance(TimeSpan.FromSeconds(11));
        var clients = Enumerable.Range(0, 10).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(9, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Waiting));
        head.SetResult();
        await Eventually.EqualAsync(9, () => Task.FromResult(clients.Count(static c => c.IsCompleted)));
        end.SetResult();
        Assert.All(await Task.WhenAll(clients), static a => Assert.Equal((200, "body"), (a.Status, a.Body)));
    }

    [Fact]
    public async Task A_head_that_was_taken_releases_those_it_is_not_for()
    {
        var (head, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await CachedSite.StartAsync(async http =>
        {
            await head.Task;
            http.Response.Headers.CacheControl = "private";
            http.Features.Get<IHttpCacheFeature>()?.TakeHead();
            await end.Task;
            await http.Response.WriteAsync("body");
        });
        var clients = Enumerable.Range(0, 10).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(9, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Waiting));
        head.SetResult();
        await Eventually.EqualAsync(10, () => Task.FromResult(site.Requests));
        end.SetResult();
        await Task.WhenAll(clients);
    }
}
