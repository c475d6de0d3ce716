using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>A body that ends early breaks off for its client. Whoever has all of it does not notice.</summary>
public sealed class BrokenOffTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    public async Task A_request_that_takes_too_long_does_not_end_as_if_the_body_were_whole(bool isHttp2, bool encodes, bool isBeforeHead)
    {
        var (gate, timeout, begun) = (new TaskCompletionSource(), new CancellationTokenSource(), new TaskCompletionSource());
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentType = "text/css";
            if (!isBeforeHead)
            {
                await http.Response.WriteAsync(new string('x', 5000));
            }

            begun.TrySetResult();
            await gate.Task;
            await http.Response.WriteAsync(new string('y', 5000));
        });

        // As the framework's request timeouts do it.
        site.InFront = (http, next) =>
        {
            if (http.Request.Headers.ContainsKey("X-Impatient"))
            {
                http.RequestAborted = timeout.Token;
            }

            return next(http);
        };
        var impatient = GetAsync(site, isHttp2, encodes, "x-impatient");
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        var patient = GetAsync(site, isHttp2, encodes, "x-patient");
        if (isBeforeHead)
        {
            await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        }

        await timeout.CancelAsync();
        gate.SetResult();
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => impatient);
        Assert.True(failed is HttpRequestException or IOException, failed.ToString());
        Assert.True((await patient).Length > 0);
    }

    [Fact]
    public async Task Who_has_a_body_that_is_too_long_to_be_stored_is_told_so_and_it_is_not_asked_for_again()
    {
        List<string> conditions = [];
        await using var site = await CachedSite.StartAsync(
            async http =>
            {
                lock (conditions)
                {
                    conditions.Add(http.Request.Headers.IfNoneMatch.ToString());
                }

                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.Headers.ETag = "\"1\"";
                try
                {
                    for (var i = 0; i < 10; i++)
                    {
                        await http.Response.WriteAsync(new string('x', 1000), http.RequestAborted);
                    }
                }
                catch (OperationCanceledException)
                {
                    // As YARP does it.
                    http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode: 2);
                }
            },
            new HttpCacheOptions { MaxBodyBytes = 4000 });
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Http2Address, "/a.js"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.TryAddWithoutValidation("If-None-Match", "\"1\"");
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            await Eventually.EqualAsync(0, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Open));
        }

        Assert.Equal(["", "\"1\""], conditions);
    }

    private static async Task<string> GetAsync(CachedSite site, bool isHttp2, bool encodes, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(isHttp2 ? site.Http2Address : site.Address, "/a.css"))
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(field, "yes");
        if (encodes)
        {
            request.Headers.Add("Accept-Encoding", "gzip");
        }

        using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
