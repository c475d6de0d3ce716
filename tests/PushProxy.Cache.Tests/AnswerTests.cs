using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

public sealed class AnswerTests
{
    private const string Text = "0123456789";

    [Theory]
    [InlineData("bytes=0-0", 206, "0", "bytes 0-0/10")]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=7-99", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", 206, Text, "bytes 0-9/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("bytes=-0", 416, "", "bytes */10")]
    [InlineData("bytes=4-2", 200, Text, null)]
    [InlineData("bytes=x", 200, Text, null)]
    [InlineData("lines=1-2", 200, Text, null)]
    [InlineData("bytes=0-4,3-6", 200, Text, null)]
    public async Task Ranges_come_from_the_stored_whole(string range, int status, string body, string? contentRange)
    {
        await using var site = await OriginAsync();
        await site.GetAsync("/a.css");
        var answer = await site.GetAsync("/a.css", ("Range", range));
        Assert.Equal((status, body, contentRange, 1), (answer.Status, answer.Body, answer["Content-Range"], site.Requests));
    }

    [Fact]
    public async Task Several_ranges_come_in_parts_and_too_many_as_the_whole()
    {
        await using var site = await OriginAsync();
        await site.GetAsync("/a.css");
        var answer = await site.GetAsync("/a.css", ("Range", "bytes=0-1, 8-"));
        Assert.Equal(206, answer.Status);
        var boundary = answer["Content-Type"]!.Split("boundary=")[1];
        Assert.Equal(
            $"\r\n--{boundary}\r\nContent-Type: text/css\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
            + $"\r\n--{boundary}\r\nContent-Type: text/css\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--{boundary}--\r\n",
            answer.Body);
        var many = string.Join(',', Enumerable.Range(0, 1000).Select(static i => $"{i * 2}-{i * 2}"));
        Assert.Equal((200, Text), ((await site.GetAsync("/a.css", ("Range", $"bytes={many}"))) is var a ? (a.Status, a.Body) : default));
    }

    [Theory]
    [InlineData("\"v1\"", 206)]
    [InlineData("\"v2\"", 200)]
    [InlineData("W/\"v1\"", 200)]
    [InlineData("Sat, 28 Nov 2026 12:00:00 GMT", 206)]
    [InlineData("Sun, 29 Nov 2026 12:00:00 GMT", 200)]
    public async Task If_range_needs_the_same_version(string value, int status)
    {
        await using var site = await OriginAsync();
        await site.GetAsync("/a.css");
        Assert.Equal(status, (await site.GetAsync("/a.css", ("Range", "bytes=0-1"), ("If-Range", value))).Status);
    }

    [Fact]
    public async Task A_range_of_what_is_not_stored_is_the_origins()
    {
        await using var site = await OriginAsync();
        await site.GetAsync("/a.css", ("Range", "bytes=0-1"));
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Head_is_the_head_of_get()
    {
        await using var site = await OriginAsync();
        await site.GetAsync("/a.css");
        var head = await site.SendAsync("HEAD", "/a.css");
        Assert.Equal((200, "", "10", "\"v1\"", 1), (head.Status, head.Body, head["Content-Length"], head["ETag"], site.Requests));
        Assert.Equal(200, (await site.SendAsync("HEAD", "/other.css")).Status);
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Age_counts_from_the_origin()
    {
        await using var site = await CachedSite.StartAsync(static http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            http.Response.Headers.Age = "100";
        });
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("120", (await site.GetAsync("/a.css"))["Age"]);
        site.Time.Advance(TimeSpan.FromSeconds(480));
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData("/a?b=1", "/a?b=2")]
    [InlineData("/a", "/A")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/a", "/a?")]
    public async Task Other_bytes_are_another_url(string one, string other)
    {
        await using var site = await OriginAsync();
        await site.GetAsync(one);
        await site.GetAsync(other);
        await site.GetAsync(one);
        await site.GetAsync(other);
        Assert.Equal(2, site.Requests);
    }

    [Fact]
    public async Task Partitions_share_nothing()
    {
        await using var site = await OriginAsync();
        site.PartitionField = "X-Route";
        foreach (var route in new[] { "one", "two", "one", "two" })
        {
            await site.GetAsync("/a.css", ("X-Route", route));
        }

        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData("Accept-Encoding", "gzip, br", "br;q=0.5,gzip", true)]
    [InlineData("Accept-Encoding", "gzip", "gzip, br", false)]
    [InlineData("Accept-Encoding", "gzip", "", false)]
    [InlineData("Accept-Language", "en, de", " DE ,en", true)]
    [InlineData("X-Thing", "a, b", "a,b", true)]
    [InlineData("X-Thing", "a, b", "b, a", false)]
    public async Task Variants_are_chosen_by_what_the_fields_mean(string name, string one, string other, bool same)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=60"), ("Vary", name));
        await site.GetAsync("/a.css", (name, one));
        var answer = await site.GetAsync("/a.css", other.Length > 0 ? [(name, other)] : []);
        Assert.Equal(same ? "body 1" : "body 2", answer.Body);

        // Both are kept side by side.
        Assert.Equal("body 1", (await site.GetAsync("/a.css", (name, one))).Body);
    }

    private static Task<CachedSite> OriginAsync() => CachedSite.StartAsync(static async http =>
    {
        http.Response.ContentType = "text/css";
        http.Response.Headers.CacheControl = "max-age=60";
        http.Response.Headers.ETag = "\"v1\"";
        http.Response.Headers.LastModified = "Sat, 28 Nov 2026 12:00:00 GMT";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.WriteAsync(Text);
        }
    });
}
