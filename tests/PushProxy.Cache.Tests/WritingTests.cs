using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>The ways in which code behind the cache can write a response, and old ways in which a client can ask for it.</summary>
public sealed class WritingTests
{
    [Theory]
    [InlineData("max-age=60", 1)]
    [InlineData("private", 2)]
    public async Task Who_may_write_synchronously_can(string control, int requests)
    {
        await using var site = await CachedSite.StartAsync(http =>
        {
            http.Response.Headers.CacheControl = control;
            http.Response.Body.Write("1"u8);
            http.Response.Body.Write("23"u8.ToArray(), 1, 1);
            http.Response.Body.WriteByte((byte)'3');
            http.Response.Body.Flush();
            http.Response.Body.Write(new byte[100_000]);
        });
        site.InFront = static (http, next) =>
        {
            http.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            return next(http);
        };
        foreach (var answer in new[] { await site.GetAsync("/a.css"), await site.GetAsync("/a.css") })
        {
            Assert.Equal((200, "133" + new string('\0', 100_000)), (answer.Status, answer.Body));
        }

        Assert.Equal(requests, site.Requests);
    }

    [Fact]
    public async Task Who_may_not_write_synchronously_is_told_so()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            var errors = new[] { Record.Exception(() => http.Response.Body.Write("x"u8)), Record.Exception(http.Response.Body.Flush) };
            await http.Response.WriteAsync(string.Join(", ", errors.Select(static e => e is InvalidOperationException)));
        });
        Assert.Equal("True, True", (await site.GetAsync("/a.css")).Body);
    }

    [Fact]
    public async Task The_old_asynchronous_pattern_needs_no_permission()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            await Task.Factory.FromAsync(http.Response.Body.BeginWrite, http.Response.Body.EndWrite, "old"u8.ToArray(), 0, 3, null);
        });
        Assert.Equal(["old", "old"], [(await site.GetAsync("/a.css")).Body, (await site.GetAsync("/a.css")).Body]);
        Assert.Equal(1, site.Requests);
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(2, 3L, "234")]
    public async Task A_file_is_stored_like_any_body(int offset, long? count, string part)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "0123456789", TestContext.Current.CancellationToken);
            await using var site = await CachedSite.StartAsync(async http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                await http.Response.Body.WriteAsync("<"u8.ToArray());
                await http.Response.SendFileAsync(path, offset, count);
                await http.Response.WriteAsync(">");
            });
            Assert.Equal([$"<{part}>", $"<{part}>"], [(await site.GetAsync("/a.css")).Body, (await site.GetAsync("/a.css")).Body]);
            Assert.Equal(1, site.Requests);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("max-age=60", true)]
    [InlineData("max-age=60", false)]
    [InlineData("private", false)]
    public async Task Who_says_that_the_body_is_complete_can_go_on_with_something_else(string control, bool isShort)
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = control;
            await http.Response.WriteAsync(isShort ? "" : "body");
            await http.Response.CompleteAsync();
            await gate.Task;
            await Assert.ThrowsAnyAsync<InvalidOperationException>(
                () => http.Response.Body.WriteAsync(new byte[1], TestContext.Current.CancellationToken).AsTask());
        });
        var answer = await site.GetAsync("/a.css").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(isShort ? "" : "body", answer.Body);
        gate.SetResult();
        await Eventually.EqualAsync(0, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Count));
        Assert.Equal(isShort ? "" : "body", (await site.GetAsync("/a.css")).Body);
        Assert.Equal(control == "private" ? 2 : 1, site.Requests);
    }

    [Fact]
    public async Task Trailers_go_to_who_asked_and_not_with_what_is_stored()
    {
        var fails = false;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            http.Response.DeclareTrailer("X-Trailer");
            http.Response.StatusCode = fails ? 503 : 200;
            await http.Response.WriteAsync("body");
            http.Response.AppendTrailer("X-Trailer", "yes");
        });
        Assert.Equal(("body", "yes", true), await TrailerAsync(site));
        Assert.Equal(("body", null, false), await TrailerAsync(site));
        fails = true;
        site.Time.Advance(TimeSpan.FromSeconds(11));

        // Neither with what answers in the place of another response.
        Assert.Equal(("body", null, false), await TrailerAsync(site));
        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_of_http_1_0_gets_a_body_without_pieces(bool hasLength)
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = hasLength ? 4 : null;
            await http.Response.WriteAsync("bo");
            await gate.Task;
            await http.Response.WriteAsync("dy");
        });
        var clients = Enumerable.Range(0, 2).Select(_ => OldAsync(site, "GET")).ToList();
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Waiting));
        gate.SetResult();
        foreach (var answer in await Task.WhenAll([.. clients, OldAsync(site, "GET")]))
        {
            Assert.EndsWith("\r\n\r\nbody", answer);
            Assert.DoesNotContain("chunked", answer);
        }

        Assert.Equal(("body", 1), ((await site.GetAsync("/a.css")).Body, site.Requests));
        Assert.EndsWith("\r\n\r\n", await OldAsync(site, "HEAD"));
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public async Task Head_waits_for_nobody_and_changes_nothing()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = 4;
            if (http.Request.Method == "HEAD")
            {
                http.Response.Headers["X-Head"] = "yes";
                await http.Response.WriteAsync("body");
                return;
            }

            await gate.Task;
            await http.Response.WriteAsync("body");
        });
        var get = site.GetAsync("/a.css");
        await Eventually.EqualAsync(1, () => Task.FromResult(site.Requests));
        var head = await site.SendAsync("HEAD", "/a.css");
        Assert.Equal((200, "", "4", "yes"), (head.Status, head.Body, head["Content-Length"], head["X-Head"]));
        gate.SetResult();
        Assert.Equal("body", (await get).Body);
        head = await site.SendAsync("HEAD", "/a.css");
        Assert.Equal((200, "", "4", null, 2), (head.Status, head.Body, head["Content-Length"], head["X-Head"], site.Requests));
    }

    private static async Task<(string Body, string? Trailer, bool IsDeclared)> TrailerAsync(CachedSite site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Http2Address, "/a.css"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (body, response.TrailingHeaders.TryGetValues("X-Trailer", out var values) ? string.Join(',', values) : null,
            response.Headers.Trailer.Count > 0);
    }

    private static async Task<string> OldAsync(CachedSite site, string method)
    {
        using var connection = new TcpClient(site.Address.Host, site.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} /a.css HTTP/1.0\r\nHost: {site.Address.Authority}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
