using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>
/// A request that ends without the origin's answer says nothing about the resource: others are delivered it as before. YARP answers 400,
/// 502 or 504 in the origin's place.
/// </summary>
public sealed class DyingConnectionTests
{
    private const string Script = "/a.js";

    [Theory]
    [InlineData("protocol error")]
    [InlineData("header error")]
    [InlineData("goes away")]
    [InlineData("killed")]
    public async Task A_client_that_dies_while_the_origin_thinks_spoils_a_promised_resource_for_nobody(string how)
    {
        var origin = new Origin();
        await using var site = await origin.StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            if (how == "killed")
            {
                await using var killed = Nghttp.Get(new Uri(site.Address));
                await origin.HeldAsync(i);
            }
            else
            {
                await using var dying = await FrameClient.ConnectAsync(new Uri(site.Address));
                await dying.GetAsync("/");
                await origin.HeldAsync(i);

                // DATA without a stream, a header block that cannot be read, or GOAWAY and the end.
                await (how switch
                {
                    "protocol error" => dying.SendAsync(0, 0, 0, 1),
                    "header error" => dying.SendAsync(1, 5, 3, 0xff, 0xff, 0xff, 0xff, 0xff),
                    _ => dying.SendAsync(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                });
                if (how != "goes away")
                {
                    // The server has found the error. It ends the requests, and the connection only after them.
                    while (await dying.TryReadAsync() is { Type: not 7 })
                    {
                    }

                    await origin.EndedAsync(i);
                }
            }

            await origin.EndedAsync(i);
            origin.AssertLastFailed();
        }

        await AssertPushedAsync(origin, site);
    }

    [Fact]
    public async Task A_client_that_dies_while_a_body_passes_spoils_nothing_either()
    {
        var origin = new Origin { HoldsBody = true };
        await using var site = await origin.StartAsync();
        await using (var dying = Nghttp.Get(new Uri(site.Address)))
        {
            await origin.HeldAsync(1);
        }

        await origin.EndedAsync(1);
        await AssertPushedAsync(origin, site);
    }

    [Fact]
    public async Task A_client_that_dies_with_a_request_of_its_own_spoils_nothing_either()
    {
        var origin = new Origin();
        await using var site = await origin.StartAsync();
        using (var client = ProxiedSite.Browser(site.Address))
        using (var leaving = new CancellationTokenSource())
        {
            var asking = client.GetAsync(new Uri(Script, UriKind.Relative), leaving.Token);
            await origin.HeldAsync(1);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        await origin.EndedAsync(1);
        origin.AssertLastFailed();
        await AssertPushedAsync(origin, site);
    }

    [Fact]
    public async Task An_origin_that_hangs_up_spoils_nothing_either()
    {
        var origin = new Origin { HangsUp = true };
        await using var site = await origin.StartAsync();
        await Nghttp.RunAsync(new Uri(site.Address));
        await origin.EndedAsync(1);
        origin.AssertLastFailed();
        await AssertPushedAsync(origin, site);
    }

    private static async Task AssertPushedAsync(Origin origin, ProxiedSite site)
    {
        origin.Recover();
        var seen = await Nghttp.RunAsync(new Uri(site.Address));
        Assert.Equal("complete", seen.Pushed(Script)?.End);
        Assert.Empty(seen.Errors);
    }

    /// <summary>A page with one script. The script is held back, and the test learns when the proxy is done with a request for it.</summary>
    private sealed class Origin : IStartupFilter
    {
        private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<int> _ended = new();
        private volatile bool _isWell = true;
        private int _held;

        public bool HoldsBody { get; init; }

        public bool HangsUp { get; init; }

        public async Task<ProxiedSite> StartAsync()
        {
            var site = await ProxiedSite.StartAsync(AnswerAsync, services: s => s.AddSingleton<IStartupFilter>(this), http2: true);
            await site.UntilAsync("learned");
            _isWell = false;
            _ended.Clear();
            return site;
        }

        public Task HeldAsync(int count) =>
            Eventually.TrueAsync(() => Volatile.Read(ref _held) >= count, () => $"{_held} requests for the script have come.");

        public Task EndedAsync(int count) =>
            Eventually.TrueAsync(() => _ended.Count >= count, () => $"{_ended.Count} requests for the script have ended.");

        public void AssertLastFailed() => Assert.NotEqual(StatusCodes.Status200OK, _ended.Last());

        public void Recover()
        {
            _isWell = true;
            _recovered.TrySetResult();
        }

        // Completed is the last that happens to a request: all that could be learned from it has been.
        Action<IApplicationBuilder> IStartupFilter.Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, pipeline) =>
            {
                if (http.Request.Path == Script)
                {
                    http.Response.OnCompleted(() =>
                    {
                        _ended.Enqueue(http.Response.StatusCode);
                        return Task.CompletedTask;
                    });
                }

                return pipeline(http);
            });
            next(app);
        };

        private async Task AnswerAsync(HttpContext http)
        {
            if (http.Request.Path == "/")
            {
                await ProxiedSite.Html(http, $"<script src={Script}></script>");
                return;
            }

            http.Response.ContentType = "text/javascript";
            http.Response.Headers.CacheControl = "max-age=60";
            if (!_isWell)
            {
                if (HangsUp)
                {
                    http.Abort();
                    return;
                }

                if (HoldsBody)
                {
                    await http.Response.WriteAsync("0;");
                }

                Interlocked.Increment(ref _held);
                await Task.WhenAny(_recovered.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));
            }

            await http.Response.WriteAsync("0");
        }
    }
}
