using System.IO.Compression;
using System.Net;
using PushProxy.Server.Demo;

namespace PushProxy.Server.Tests.Demo;

public class DemoServingTests(DemoSiteFixture site) : IClassFixture<DemoSiteFixture>
{
    private const string Stylesheet = "/css/framework.css";
    private const string Picture = "/img/hero.jpg";

    private static readonly (string, string) Gzip = ("Accept-Encoding", "gzip, deflate, br");

    [Theory]
    [InlineData("/")]
    [InlineData(Stylesheet)]
    [InlineData(Picture)]
    [InlineData("/fonts/fernhill.woff2")]
    public async Task Known_tag_gives_304_without_a_body(string path)
    {
        using var first = await site.GetAsync(path);
        using var second = await site.GetAsync(path, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.Headers.CacheControl, second.Headers.CacheControl);
        Assert.Empty(await BytesAsync(second));
    }

    [Fact]
    public async Task Unknown_tag_gives_200()
    {
        using var response = await site.GetAsync(Stylesheet, ("If-None-Match", "\"something-else\""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Known_date_gives_304()
    {
        using var first = await site.GetAsync(Stylesheet);
        using var second = await site.GetAsync(Stylesheet, ("If-Modified-Since", first.Content.Headers.LastModified!.Value.ToString("R")));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData(Stylesheet)]
    [InlineData(Picture)]
    public async Task Head_says_what_get_would_send_and_sends_nothing(string path)
    {
        using var get = await site.GetAsync(path);
        using var head = await site.SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await BytesAsync(head));
    }

    [Fact]
    public async Task Part_of_a_picture_can_be_asked_for()
    {
        using var whole = await site.GetAsync(Picture);
        using var part = await site.GetAsync(Picture, ("Range", "bytes=1000-1999"));

        var all = await BytesAsync(whole);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes 1000-1999/{all.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(all[1000..2000], await BytesAsync(part));
    }

    [Fact]
    public async Task Part_beyond_the_end_gives_416()
    {
        using var response = await site.GetAsync(Picture, ("Range", "bytes=9999999-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData(Stylesheet)]
    [InlineData("/js/dollar.js")]
    public async Task Text_is_compressed_for_who_accepts_it(string path)
    {
        using var plain = await site.GetAsync(path);
        using var compressed = await site.GetAsync(path, Gzip);

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", plain.Headers.Vary.Single());
        Assert.Equal("gzip", compressed.Content.Headers.ContentEncoding.Single());
        Assert.Equal("Accept-Encoding", compressed.Headers.Vary.Single());
        Assert.NotEqual(plain.Headers.ETag, compressed.Headers.ETag);

        var packed = await BytesAsync(compressed);
        await using var unzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await unzip.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        var original = await BytesAsync(plain);
        Assert.Equal(original, unpacked.ToArray());
        Assert.True(packed.Length < original.Length / 2);
    }

    [Fact]
    public async Task Known_tag_of_the_compressed_text_gives_a_304_that_names_no_encoding()
    {
        using var first = await site.GetAsync(Stylesheet, Gzip);
        using var second = await site.GetAsync(Stylesheet, Gzip, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(second.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData(Stylesheet, "br")]
    [InlineData(Stylesheet, "gzip;q=0")]
    [InlineData(Picture, "gzip")]
    [InlineData("/fonts/fernhill.woff2", "gzip")]
    public async Task Nothing_else_is_compressed(string path, string accepted)
    {
        using var response = await site.GetAsync(path, ("Accept-Encoding", accepted));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/css/no-such.css")]
    [InlineData("/fragments/header.html")]
    [InlineData("/index.html")]
    [InlineData("/../DemoSite.cs")]
    public async Task What_is_not_there_gives_404_with_a_small_page(string path)
    {
        using var response = await site.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.InRange((await BytesAsync(response)).Length, 100, 2_000);
    }

    [Fact]
    public async Task Head_of_what_is_not_there_gives_404_without_a_body()
    {
        using var response = await site.SendAsync(HttpMethod.Head, "/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await BytesAsync(response));
    }

    [Fact]
    public async Task Other_methods_are_refused_and_the_allowed_ones_named()
    {
        using var response = await site.SendAsync(HttpMethod.Post, "/");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Http2_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => site.Client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Port_can_be_given_and_a_taken_one_is_an_error()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var one = await DemoSite.StartAsync(cancellation);
        await Assert.ThrowsAnyAsync<IOException>(() => DemoSite.StartAsync(one.Address.Port, cancellation));

        var port = one.Address.Port;
        await one.DisposeAsync();
        await using var two = await DemoSite.StartAsync(port, cancellation);
        Assert.Equal(new Uri($"http://127.0.0.1:{port}/"), two.Address);
    }

    private static Task<byte[]> BytesAsync(HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
}
