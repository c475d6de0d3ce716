using System.Diagnostics;
using System.Net;
using PushProxy.Load.Origin;

namespace PushProxy.Load.Tests.PageLoad;

/// <summary>A static site as an origin: what the proxies get of it.</summary>
public sealed class FolderServerTests : IDisposable
{
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(300);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("folder-test-");

    [Theory]
    [InlineData("/", "text/html", "no-cache", true)]
    [InlineData("/index.html", "text/html", "no-cache", true)]
    [InlineData("/a/style.css", "text/css", "public, max-age=3600", false)]
    [InlineData("/a/font.woff2", "font/woff2", "public, max-age=3600", false)]
    [InlineData("/a/odd.xyz", null, "public, max-age=3600", false)]
    public async Task Files_have_their_type_validators_and_a_lifetime_and_pages_take_their_time(string path, string? type, string lifetime, bool isPage)
    {
        foreach (var name in (string[])["index.html", "a/style.css", "a/font.woff2", "a/odd.xyz"])
        {
            var file = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, name, TestContext.Current.CancellationToken);
        }

        // A resource that waited as pages do would end the test by its timeout.
        await using var app = FolderServer.Build(_folder.FullName, isPage ? Think : TimeSpan.FromHours(1));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        var clock = Stopwatch.StartNew();
        using var first = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.True(!isPage || clock.Elapsed >= Think, $"{clock.Elapsed}");
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (first.StatusCode, first.Version));
        Assert.Equal(type, first.Content.Headers.ContentType?.MediaType);
        Assert.Equal(lifetime, first.Headers.CacheControl?.ToString());
        Assert.Empty(first.Content.Headers.ContentEncoding);
        Assert.NotNull(first.Content.Headers.LastModified);
        Assert.NotNull(first.Content.Headers.ContentLength);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var unchanged = await client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_or_outside_the_folder_is_not_found()
    {
        await using var app = FolderServer.Build(_folder.FullName, TimeSpan.Zero);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        foreach (var path in (string[])["/nothing.css", "/", "/%2e%2e/etc/passwd"])
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
