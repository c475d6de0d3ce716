using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What code behind the cache does to a response at the last moment, before it leaves, and after its end.</summary>
public sealed class OnStartingTests
{
    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "private")]
    [InlineData("Set-Cookie", "me=1")]
    [InlineData("Vary", "Cookie")]
    public async Task What_becomes_one_clients_at_the_last_moment_is_for_it_alone(string name, string value)
    {
        foreach (var takesHead in new[] { false, true })
        {
            await using var site = await LateAsync(http => http.Response.Headers[name] = value, takesHead);
            Assert.Equal(value, (await site.GetAsync("/a.css"))[name]);
            await site.GetAsync("/a.css");
            Assert.Equal(2, site.Requests);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_may_be_stored_since_the_last_moment_is_stored(bool takesHead)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            TakeHead(http, takesHead);
            await http.Response.WriteAsync("body");
        });
        await site.GetAsync("/a.css");
        var answer = await site.GetAsync("/a.css");
        Assert.Equal(("body", "yes", null, 1), (answer.Body, answer["X-Late"], answer["X-Mine"], site.Requests));
    }

    [Fact]
    public async Task What_was_added_for_one_client_stays_with_it_though_more_comes_later()
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.Headers.Link = "</everybodys>";
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Append("Link", "</late>");
                http.Response.Headers.Remove("X-Gone");
                return Task.CompletedTask;
            });
            http.Response.Headers["X-Gone"] = "1";
            TakeHead(http, true);
            http.Response.Headers["X-Gone"] = "2";
            http.Response.Headers.Append("Link", "</mine>");
            await http.Response.WriteAsync("body");
        });
        Assert.Equal("</everybodys>, </mine>, </late>", (await site.GetAsync("/a.css"))["Link"]);
        var answer = await site.GetAsync("/a.css");
        Assert.Equal(("</everybodys>", null, 1), (answer["Link"]!.Split(',')[0], answer["X-Mine"], site.Requests));
        Assert.DoesNotContain("mine", answer["Link"]);
        Assert.Null(answer["X-Gone"]);
    }

    [Fact]
    public async Task The_last_comes_first_each_runs_once_and_those_in_front_run_for_every_answer()
    {
        var log = new ConcurrentQueue<string>();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            Register(http, log, "first");
            Register(http, log, "second");
            await http.Response.WriteAsync("1");
            await http.Response.WriteAsync("2");
        });
        site.InFront = async (http, next) =>
        {
            Register(http, log, "front");
            await next(http);
        };
        await site.GetAsync("/a.css");
        await Eventually.EqualAsync(
            "second, first, front, second completed, first completed, front completed", () => Task.FromResult(string.Join(", ", log)));
        log.Clear();
        await site.GetAsync("/a.css");
        await Eventually.EqualAsync("front, front completed", () => Task.FromResult(string.Join(", ", log)));
    }

    [Fact]
    public async Task It_runs_once_for_all_who_share_a_response_and_all_get_what_it_says()
    {
        var (gate, log) = (new TaskCompletionSource(), new ConcurrentQueue<string>());
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.OnStarting(() =>
            {
                log.Enqueue("once");
                http.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            http.Response.Headers.CacheControl = "max-age=60";
            await gate.Task;
            http.Response.ContentLength = 4;
            await http.Response.WriteAsync("body");
        });
        var clients = Enumerable.Range(0, 20).Select(_ => site.GetAsync("/a.css")).ToList();
        await Eventually.EqualAsync(19, () => Task.FromResult(site.Services.GetRequiredService<FlightTable>().Waiting));
        gate.SetResult();
        Assert.All(await Task.WhenAll(clients), static a => Assert.Equal(("body", "yes"), (a.Body, a["X-Late"])));
        Assert.Single(log);
    }

    [Theory]
    [InlineData("max-age=60", 2)]
    [InlineData("private", 3)]
    public async Task What_is_said_late_about_a_304_is_said_about_what_is_stored(string control, int requests)
    {
        var count = 0;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            count++;
            http.Response.Headers.ETag = "\"v\"";
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.OnStarting(() =>
            {
                http.Response.Headers["X-Count"] = $"{count}";
                http.Response.Headers.CacheControl = http.Response.StatusCode == 304 ? control : "max-age=60";
                return Task.CompletedTask;
            });
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Response.StatusCode = 304;
                return;
            }

            await http.Response.WriteAsync("body");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(61));
        var answer = await site.GetAsync("/a.css");
        Assert.Equal(("body", "2"), (answer.Body, answer["X-Count"]));
        await site.GetAsync("/a.css");
        Assert.Equal(requests, site.Requests);
    }

    [Fact]
    public async Task In_the_background_everything_runs_too()
    {
        var log = new ConcurrentQueue<string>();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=1, stale-while-revalidate=600";
            if (log.IsEmpty)
            {
                log.Enqueue("began");
            }
            else
            {
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers.CacheControl = "private";
                    return Task.CompletedTask;
                });
                http.Response.OnCompleted(() => throw new InvalidOperationException("It has failed."));
                Register(http, log, "background");
            }

            await http.Response.WriteAsync("body");
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(2));
        await site.GetAsync("/a.css");
        await Eventually.EqualAsync("began, background, background completed", () => Task.FromResult(string.Join(", ", log)));
        await site.GetAsync("/a.css");
        Assert.Equal(3, site.Requests);
    }

    [Fact]
    public async Task One_that_fails_fails_the_request_and_nothing_is_stored()
    {
        var fails = true;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.OnStarting(() => fails ? throw new InvalidOperationException("It has failed.") : Task.CompletedTask);
            await http.Response.WriteAsync("body");
        });
        Assert.Equal(500, (await site.GetAsync("/a.css")).Status);
        fails = false;
        Assert.Equal("body", (await site.GetAsync("/a.css")).Body);
    }

    [Fact]
    public async Task What_fails_before_it_begins_has_its_callbacks_run_for_the_page_that_says_so()
    {
        var log = new ConcurrentQueue<string>();
        await using var site = await CachedSite.StartAsync((Func<HttpContext, Task>)(http =>
        {
            Register(http, log, "first");
            Register(http, log, "second");
            throw new InvalidOperationException("It has failed.");
        }));
        site.InFront = async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (InvalidOperationException)
            {
                http.Response.StatusCode = 500;
                await http.Response.WriteAsync("sorry");
            }
        };
        Assert.Equal("sorry", (await site.GetAsync("/a.css")).Body);
        await Eventually.EqualAsync("second, first, second completed, first completed", () => Task.FromResult(string.Join(", ", log)));
    }

    [Fact]
    public async Task One_that_writes_begins_the_body()
    {
        await using var site = await CachedSite.StartAsync(static async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.OnStarting(() => http.Response.Body.WriteAsync("1"u8.ToArray()).AsTask());
            await http.Response.Body.WriteAsync("2"u8.ToArray());
        });
        Assert.Equal(["12", "12"], [(await site.GetAsync("/a.css")).Body, (await site.GetAsync("/a.css")).Body]);
    }

    [Theory]
    [InlineData("max-age=60")]
    [InlineData("private")]
    public async Task Too_late_is_too_late(string control)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = control;
            await http.Response.Body.WriteAsync("x"u8.ToArray());
            var isTooLate = Record.Exception(() => http.Response.OnStarting(static () => Task.CompletedTask)) is InvalidOperationException;
            await http.Response.WriteAsync($"{http.Response.HasStarted} {isTooLate}");
        });
        Assert.Equal("xTrue True", (await site.GetAsync("/a.css")).Body);
    }

    private static Task<CachedSite> LateAsync(Action<HttpContext> late, bool takesHead) => CachedSite.StartAsync(async http =>
    {
        http.Response.Headers.CacheControl = "max-age=60";
        http.Response.OnStarting(() =>
        {
            late(http);
            return Task.CompletedTask;
        });
        TakeHead(http, takesHead);
        await http.Response.WriteAsync("body");
    });

    // As what forwards requests does it.
    private static void TakeHead(HttpContext http, bool takesHead)
    {
        if (takesHead && http.Features.Get<IHttpCacheFeature>() is { } cache)
        {
            cache.TakeHead();
            http.Response.Headers["X-Mine"] = "mine";
        }
    }

    private static void Register(HttpContext http, ConcurrentQueue<string> log, string name)
    {
        http.Response.OnStarting(() =>
        {
            log.Enqueue(name);
            return Task.CompletedTask;
        });
        http.Response.OnCompleted(() =>
        {
            log.Enqueue($"{name} completed");
            return Task.CompletedTask;
        });
    }
}
