using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>A body that is to be stored goes on when its last client has gone, but not for ever.</summary>
public sealed class UnreadBodyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_client_a_body_goes_on_for_so_long_and_no_longer(bool hasLength)
    {
        await using var origin = await TricklingOrigin.StartAsync(hasLength);
        await (await origin.ReadAsync()).LeaveAsync();
        await origin.EndsAfterAsync(Limit);
        await origin.IsOverAsync();

        // The next one does not wait for it.
        origin.Rest.SetResult();
        Assert.Equal(TricklingOrigin.Whole, (await origin.Site.GetAsync("/a.css")).Body);
        Assert.Equal(2, origin.Site.Requests);
    }

    [Fact]
    public async Task What_is_whole_within_that_time_is_stored()
    {
        await using var origin = await TricklingOrigin.StartAsync();
        await (await origin.ReadAsync()).LeaveAsync();
        origin.Site.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        origin.Rest.SetResult();
        await Eventually.EqualAsync(1, () => Task.FromResult(origin.Site.Services.GetRequiredService<ResponseStore>().Count));
        Assert.False(origin.IsTold);
    }

    [Fact]
    public async Task A_client_that_has_it_does_not_wait_for_it()
    {
        await using var origin = await TricklingOrigin.StartAsync();
        var asked = origin.Site.GetAsync("/a.css", ("If-None-Match", "\"tag\""));
        await origin.EndsAfterAsync(Limit);
        Assert.Equal(304, (await asked).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_a_client_reads_nothing_is_cut_off(bool isFirst)
    {
        await using var origin = await TricklingOrigin.StartAsync();
        var (first, second) = (await origin.ReadAsync(), await origin.ReadAsync());
        await (isFirst ? second : first).LeaveAsync();
        origin.Site.Time.Advance(Limit * 10);
        Assert.False(origin.IsTold);
        origin.Rest.SetResult();
        Assert.Equal(TricklingOrigin.Whole, await (isFirst ? first : second).EndAsync());
        Assert.Equal(1, origin.Site.Requests);
    }

    [Fact]
    public async Task The_time_begins_when_the_last_client_goes()
    {
        await using var origin = await TricklingOrigin.StartAsync();
        await (await origin.ReadAsync()).LeaveAsync();
        origin.Site.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        var last = await origin.ReadAsync();
        origin.Site.Time.Advance(Limit * 10);
        Assert.False(origin.IsTold);
        await last.LeaveAsync();
        await origin.EndsAfterAsync(Limit);
        Assert.Equal(1, origin.Site.Requests);
    }

    [Fact]
    public async Task A_background_request_gives_its_place_to_the_next()
    {
        await using var origin = await TricklingOrigin.StartAsync(options: new HttpCacheOptions
        {
            UnreadTimeout = Limit,
            MaxBackgroundRequests = 1,
            ReloadPause = TimeSpan.Zero,
        });
        origin.Rest.SetResult();
        await origin.Site.GetAsync("/a.css");
        await origin.Site.GetAsync("/b.css");
        origin.Rest = new TaskCompletionSource();
        origin.Site.Time.Advance(TimeSpan.FromSeconds(6001));
        await origin.Site.GetAsync("/a.css");
        await Eventually.EqualAsync(3, () => Task.FromResult(origin.Site.Requests));
        await origin.Site.GetAsync("/b.css");
        Assert.Equal(3, origin.Site.Requests);

        await origin.EndsAfterAsync(Limit + new HttpCacheOptions().BackgroundTimeout);
        await origin.IsOverAsync();
        await origin.Site.GetAsync("/b.css");
        await Eventually.EqualAsync(4, () => Task.FromResult(origin.Site.Requests));
    }

    /// <summary>Sends the beginning of a body at once, and then nothing until a test says so, or the proxy gives it up.</summary>
    private sealed class TricklingOrigin : IAsyncDisposable
    {
        public const string Whole = "the beginning and the rest";

        private const string Beginning = "the beginning";

        // It closes its connection at once instead of reading on for a while.
        private readonly HttpClient _clients = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        private volatile bool _isTold;

        public CachedSite Site { get; private set; } = null!;

        /// <summary>What lets the rest of the body come.</summary>
        public TaskCompletionSource Rest { get; set; } = new();

        /// <summary>Whether a request was given up.</summary>
        public bool IsTold => _isTold;

        public static async Task<TricklingOrigin> StartAsync(bool hasLength = true, HttpCacheOptions? options = null)
        {
            var origin = new TricklingOrigin();
            origin.Site = await CachedSite.StartAsync(
                http => origin.AnswerAsync(http, hasLength), options ?? new HttpCacheOptions { UnreadTimeout = Limit });
            return origin;
        }

        /// <summary>Asks, and reads the beginning.</summary>
        public async Task<Reader> ReadAsync()
        {
            var gone = new TaskCompletionSource();
            Site.InFront = (http, next) =>
            {
                // What is registered first is told last: the cache knows it by then.
                http.RequestAborted.Register(() => gone.TrySetResult());
                return next(http);
            };
            var response = await _clients.GetAsync(
                new Uri(Site.Address, "/a.css"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[Beginning.Length], TestContext.Current.CancellationToken);
            return new Reader(response, stream, gone.Task);
        }

        /// <summary>Lets time go by until the request is given up, and that is not before so much has gone by.</summary>
        public async Task EndsAfterAsync(TimeSpan time)
        {
            var (step, gone) = (time / 10, TimeSpan.Zero);
            await Eventually.TrueAsync(
                () =>
                {
                    Assert.False(IsTold && gone < time, $"It was given up after {gone}.");
                    gone += IsTold ? TimeSpan.Zero : step;
                    Site.Time.Advance(IsTold ? TimeSpan.Zero : step);
                    return IsTold;
                },
                () => $"It was not given up in {gone}.",
                TimeSpan.FromSeconds(10));
        }

        /// <summary>Waits until nothing is under way.</summary>
        public Task IsOverAsync()
        {
            var (flights, memory) = (Site.Services.GetRequiredService<FlightTable>(), Site.Services.GetRequiredService<BytesUnderWay>());
            return Eventually.EqualAsync((0, 0L), () => Task.FromResult((flights.Count, memory.Taken)));
        }

        public ValueTask DisposeAsync()
        {
            Rest.TrySetResult();
            _clients.Dispose();
            return Site.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext http, bool hasLength)
        {
            http.Response.Headers.CacheControl = "max-age=6000, stale-while-revalidate=6000";
            http.Response.Headers.ETag = "\"tag\"";
            http.Response.ContentLength = hasLength ? Whole.Length : null;
            var rest = Rest.Task;
            await http.Response.WriteAsync(Beginning);
            http.RequestAborted.Register(() => _isTold = true);
            await rest.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync(Whole[Beginning.Length..]);
        }

        /// <summary>A client that has read the beginning.</summary>
        public sealed class Reader(HttpResponseMessage response, Stream stream, Task gone)
        {
            public async Task LeaveAsync()
            {
                response.Dispose();
                await gone.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            }

            public async Task<string> EndAsync()
            {
                using (response)
                using (var reader = new StreamReader(stream))
                {
                    return Beginning + await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
                }
            }
        }
    }
}
