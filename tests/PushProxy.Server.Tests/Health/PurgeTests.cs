using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Health;

/// <summary>Stored responses are removed on request: by the verb, and by what it asks.</summary>
public sealed class PurgeTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _asked = new();
    private TestSite _site = null!;
    private RunningProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestSite.StartAsync(http =>
        {
            _asked.AddOrUpdate(http.Request.Path + http.Request.QueryString, 1, static (_, count) => count + 1);
            http.Response.ContentType = "text/css";
            http.Response.Headers.CacheControl = "max-age=600";
            if (http.Request.Path.StartsWithSegments("/articles"))
            {
                http.Response.Headers["Cache-Groups"] = "\"articles\"";
            }

            return http.Response.WriteAsync("p{}");
        });
        _proxy = await RunningProxy.StartAsync("--origin", _site.Address);
        foreach (var path in new[] { "/a.css", "/a.css?v=1", "/img/b.css", "/articles/c.css" })
        {
            await _proxy.GetStringAsync(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("/a.css", 1, "/a.css")]
    [InlineData("/a.css*", 2, "/a.css", "/a.css?v=1")]
    [InlineData("/img/*", 1, "/img/b.css")]
    [InlineData("/*", 4, "/a.css", "/a.css?v=1", "/articles/c.css", "/img/b.css")]
    [InlineData("--group articles /", 1, "/articles/c.css")]
    [InlineData("--all", 4, "/a.css", "/a.css?v=1", "/articles/c.css", "/img/b.css")]
    [InlineData("/A.css", 0)]
    public async Task The_verb_removes_what_it_names_and_nothing_else(string arguments, int removed, params string[] asked)
    {
        var result = await Pushproxy.RunAsync(
            ["purge", "--management", _proxy.Management.AbsoluteUri,
            .. arguments.Split(' ').Select(a => a.StartsWith('/') ? $"{_proxy.Address.GetLeftPart(UriPartial.Authority)}{a}" : a)]);
        Assert.Equal($$"""200 {"removed":{{removed}}}""", result.Output.Trim());
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var path in _asked.Keys)
        {
            await _proxy.GetStringAsync(path);
        }

        Assert.Equal(asked, _asked.Where(static a => a.Value == 2).Select(static a => a.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/purge", 400)]
    [InlineData("POST", "/purge?target=", 400)]
    [InlineData("POST", "/purge?target=/a.css", 400)]
    [InlineData("POST", "/purge?target=*", 400)]
    [InlineData("POST", "/purge?target=file:///etc/passwd", 400)]
    [InlineData("POST", "/purge?all&target=http://a/", 400)]
    [InlineData("POST", "/purge?targt=http://a/", 400)]
    [InlineData("POST", "/purge?target=http://a/&group=a&group=b", 400)]
    [InlineData("GET", "/purge?all", 405)]
    public async Task Nonsense_removes_nothing_and_says_what_is_right(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_proxy.Management, path));
        using var response = await _proxy.Client.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("http", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await _proxy.GetStringAsync("/a.css");
        Assert.Equal(1, _asked["/a.css"]);
    }

    [Fact]
    public async Task Another_site_in_a_browser_removes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_proxy.Management, "/purge?all"));
        request.Headers.Add("Origin", "https://other.test");
        using var response = await _proxy.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        await _proxy.GetStringAsync("/a.css");
        Assert.Equal(1, _asked["/a.css"]);
    }

    [Theory]
    [InlineData("purge", "Name the URLs to remove, or --all.")]
    [InlineData("purge --all https://a/", "Name the URLs to remove, or --all.")]
    [InlineData("purge --all --management here", "'here/purge?all' is not an http or https URL")]
    public async Task The_verb_says_what_it_needs(string arguments, string error)
    {
        var result = await Pushproxy.RunAsync(arguments.Split(' '));
        Assert.Equal((2, error), (result.ExitCode, result.Error.Trim()));
    }
}
