using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What one client, or an origin that does strange things, could make another client see.</summary>
public sealed class AttackTests
{
    [Theory]
    [InlineData("image", "document")]
    [InlineData("empty", "iframe")]
    public async Task What_somebody_without_cookies_got_instead_of_an_image_is_no_page_for_those_with(string dest, string navigation)
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentType = "text/html";
            http.Response.StatusCode = http.Request.Headers.Cookie.Count > 0 ? 200 : 403;
            await http.Response.WriteAsync(http.Request.Headers.Cookie.ToString());
        });
        await site.GetAsync("/account", ("Sec-Fetch-Dest", dest));
        var answer = await site.GetAsync("/account", ("Sec-Fetch-Dest", navigation), ("Cookie", "me"));
        Assert.Equal((200, "me"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("text/html", 2)]
    [InlineData("text/css", 1)]
    public async Task A_document_made_for_a_cookie_is_not_everybodys_because_it_never_changes(string type, int requests)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60, immutable"), ("Content-Type", type));
        await site.GetAsync("/a", ("Cookie", "me"));
        await site.GetAsync("/a");
        Assert.Equal(requests, site.Requests);
    }

    [Theory]
    [InlineData("Vary", "Cookie")]
    [InlineData("Vary", "*")]
    [InlineData("Vary", "X-Variant")]
    [InlineData("Cache-Control", "max-age=60, x=\"no-store")]
    public async Task A_304_that_says_it_is_not_for_all_any_more_is_believed(string name, string value)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.ETag = "\"v\"";
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.StatusCode = 304;
                http.Response.Headers[name] = value;
                return;
            }

            await http.Response.WriteAsync("body");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("body", (await site.GetAsync("/a.css")).Body);
        await site.GetAsync("/a.css");
        Assert.Equal(3, site.Requests);
    }

    [Fact]
    public async Task A_head_that_was_taken_is_not_stored_with_the_body_of_an_error()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Features.Get<IHttpCacheFeature>()?.TakeHead();
            http.Response.Clear();
            http.Response.StatusCode = 502;
            await http.Response.WriteAsync("");
        });
        Assert.Equal(502, (await site.GetAsync("/a.css")).Status);
        Assert.Equal(502, (await site.GetAsync("/a.css")).Status);
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task What_is_endless_ends_when_nobody_reads_it_any_more()
    {
        var told = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(
            async http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                try
                {
                    while (!http.RequestAborted.IsCancellationRequested)
                    {
                        await http.Response.Body.WriteAsync(new byte[10_000], http.RequestAborted);
                        await Task.Yield();
                    }
                }
                finally
                {
                    told.SetResult();
                }
            },
            new HttpCacheOptions { MaxBodyBytes = 20_000 });
        using (await site.Client.GetAsync(
            new Uri("/a.css", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
        }

        await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task More_body_than_the_response_states_is_not_taken()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = 1;
            await http.Response.Body.WriteAsync(new byte[1_000_000]);
        });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => site.GetAsync("/a.css"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => site.GetAsync("/a.css"));
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task A_method_that_only_looks_like_get_is_not_get()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            await http.Response.WriteAsync(http.Request.Method);
        });
        Assert.EndsWith("gEt", await SendAsync(site, "gEt"));
        Assert.Equal("GET", (await site.GetAsync("/a.css")).Body);
        Assert.EndsWith("gEt", await SendAsync(site, "gEt"));
        Assert.Equal("GET", (await site.GetAsync("/a.css")).Body);

        // Nobody knows that it is safe, so what is stored is gone after it (RFC 9111 §4.4).
        Assert.Equal(4, site.Requests);
    }

    [Fact]
    public async Task A_body_of_a_204_harms_nobody_but_who_asked()
    {
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.StatusCode = 204;
            if (Interlocked.Increment(ref count) == 1)
            {
                await http.Response.Body.WriteAsync("x"u8.ToArray());
            }
        });
        await SendAsync(site, "GET");
        Assert.Equal(204, (await site.GetAsync("/a.css")).Status);
        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_that_breaks_off_is_replaced_by_what_is_stored_too(bool throws)
    {
        var fails = false;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=10";
            http.Response.StatusCode = fails ? 503 : 200;
            await http.Response.WriteAsync("body");
            if (fails)
            {
                (throws ? throw new IOException("broken off") : (Action)http.Abort)();
            }
        });
        await site.GetAsync("/a.css");
        fails = true;
        site.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("body", (await site.GetAsync("/a.css")).Body);
    }

    [Fact]
    public async Task What_is_in_the_writer_comes_before_what_is_written_to_the_stream_then()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.BodyWriter.Write("1"u8);
            await http.Response.Body.WriteAsync("2"u8.ToArray());
            http.Response.BodyWriter.Write("3"u8);
        });
        Assert.Equal(["123", "123"], [(await site.GetAsync("/a.css")).Body, (await site.GetAsync("/a.css")).Body]);
    }

    [Fact]
    public async Task A_request_in_absolute_form_names_the_same_url()
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60"));
        await site.GetAsync("/a.css");
        await SendAsync(site, "GET", $"http://{site.Address.Authority}/a.css");
        Assert.Equal(1, site.Requests);
        await SendAsync(site, "DELETE", $"http://{site.Address.Authority}/a.css");
        await site.GetAsync("/a.css");
        Assert.Equal(3, site.Requests);
    }

    // HttpClient writes such a method as GET.
    private static async Task<string> SendAsync(CachedSite site, string method, string target = "/a.css")
    {
        using var connection = new TcpClient(site.Address.Host, site.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.0\r\nHost: {site.Address.Authority}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
