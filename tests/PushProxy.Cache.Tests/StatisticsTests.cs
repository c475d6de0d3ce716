using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class StatisticsTests
{
    private static readonly string Text = string.Join('\n', Enumerable.Range(0, 400).Select(static i => $".class-{i % 37} {{ color: #{i:x6} }}"));

    [Fact]
    public async Task Requests_are_counted_by_the_name_of_their_rules()
    {
        await using var site = await OriginAsync();
        site.NameField = "X-Route";
        await site.GetAsync("/a.css", ("X-Route", "one"));
        await site.GetAsync("/a.css", ("X-Route", "one"));
        await site.SendAsync("HEAD", "/a.css", ("X-Route", "one"));
        await site.SendAsync("POST", "/form", ("X-Route", "one"));
        await site.GetAsync("/no-store", ("X-Route", "two"));
        site.Time.Advance(TimeSpan.FromMinutes(2));
        await site.GetAsync("/a.css", ("X-Route", "two"));

        var (one, two) = (Of(site, "one"), Of(site, "two"));
        Assert.Equal((2, 1, 1, 0), (one.Hits, one.Misses, one.Bypassed, one.Revalidated));
        Assert.Equal((0, 1, 0, 1), (two.Hits, two.Misses, two.Bypassed, two.Revalidated));

        // A HEAD has no content that the origin would have sent.
        Assert.Equal((Text.Length, Text.Length), (one.SavedBytes, two.SavedBytes));
        Assert.Equal((0, 0), (one.EncodingSavedBytes, two.EncodingSavedBytes));
    }

    [Fact]
    public async Task What_an_encoding_takes_off_is_counted_as_it_streams_and_from_the_store()
    {
        await using var site = await OriginAsync();
        var sent = 0L;
        for (var i = 1; i <= 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/a.css");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            sent += (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
            var expected = (i * Text.Length) - sent;
            await Eventually.EqualAsync(expected, () => Task.FromResult(Of(site, "").EncodingSavedBytes));
            await Eventually.TrueAsync(() => site.Services.GetRequiredService<EncodingWorker>().IsIdle, () => "The forms were never made.");
        }

        Assert.Equal((1, 1, Text.Length), (Of(site, "").Hits, Of(site, "").Misses, Of(site, "").SavedBytes));
    }

    [Fact]
    public async Task Names_without_end_do_not_fill_the_memory()
    {
        await using var site = await OriginAsync();
        site.NameField = "X-Route";
        for (var i = 0; i < 1030; i++)
        {
            await site.GetAsync("/a.css", ("X-Route", $"{i}"));
        }

        var totals = site.Services.GetRequiredService<HttpCacheStatistics>().List();
        Assert.InRange(totals.Count, 1024, 1026);
        Assert.Equal(1030, totals.Sum(static t => t.Hits + t.Misses));
    }

    [Fact]
    public async Task Observers_are_told_what_is_purged()
    {
        var purged = new Purges();
        await using var site = await CachedSite.StartAsync(
            static http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.Headers["Cache-Groups"] = "\"images\"";
                return http.Response.WriteAsync("x");
            },
            services: s => s.AddSingleton<IHttpCachePurgeObserver>(purged));
        var (purge, authority) = (site.Services.GetRequiredService<HttpCachePurge>(), site.Address.Authority);
        await site.GetAsync("/i/%2F.png?a=%2f");
        purge.Url(new Uri(site.Address, "/a.css?v=1"));
        purge.Prefix(new Uri(site.Address, "/i/"));
        await site.GetAsync("/i/%2F.png?a=%2f");
        purge.Group(site.Address, "images");
        purge.Group(site.Address, "other");
        purge.All();
        Assert.Equal(
            [
                (authority, "/a.css?v=1", false, null), (authority, "/i/", true, null), (authority, "", false, "images"),
                (authority, "/i/%2F.png?a=%2f", false, null), (authority, "", false, "other"), ("", "", true, null),
            ],
            purged.Seen);
    }

    [Fact]
    public async Task Observers_are_told_of_a_group_once()
    {
        var purged = new Purges();
        await using var site = await CachedSite.StartAsync(
            static http =>
            {
                http.Response.Headers.CacheControl = "max-age=60";
                http.Response.Headers["Cache-Groups"] = "\"images\"";
                return http.Response.WriteAsync("x");
            },
            services: s => s.AddSingleton<IHttpCachePurgeObserver>(purged));
        for (var i = 0; i < 20; i++)
        {
            await site.GetAsync($"/{i:00}.png");
        }

        site.Services.GetRequiredService<HttpCachePurge>().Group(site.Address, "images");
        Assert.Equal(1, purged.Calls);
        Assert.Equal((site.Address.Authority, "", false, "images"), purged.Seen[0]);
        Assert.Equal(
            Enumerable.Range(0, 20).Select(static i => $"/{i:00}.png"), purged.Seen.Skip(1).Select(static p => p.Target).Order(StringComparer.Ordinal));
    }

    private static HttpCacheTotals Of(CachedSite site, string name) =>
        site.Services.GetRequiredService<HttpCacheStatistics>().List().Single(t => t.Name == name);

    private static Task<CachedSite> OriginAsync() => CachedSite.StartAsync(static http =>
    {
        if (http.Request.Headers.IfNoneMatch == "\"1\"")
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
        }

        http.Response.ContentType = "text/css";
        http.Response.Headers.ETag = "\"1\"";
        http.Response.Headers.CacheControl = http.Request.Path == "/no-store" ? "no-store" : "max-age=60";
        return http.Response.StatusCode == StatusCodes.Status304NotModified ? Task.CompletedTask : http.Response.WriteAsync(Text);
    });

    private sealed class Purges : IHttpCachePurgeObserver
    {
        public List<(string Authority, string Target, bool IsPrefix, string? Group)> Seen { get; } = [];

        /// <summary>How often it was told.</summary>
        public int Calls { get; private set; }

        public void Purged(IReadOnlyList<HttpCachePurged> purged)
        {
            Calls++;
            Seen.AddRange(purged.Select(static p => (p.Authority, p.Target, p.IsPrefix, p.Group)));
        }
    }
}
