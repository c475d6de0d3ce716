using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing.Origins;

namespace PushProxy.Server.Tests.Inspection;

/// <summary>The HTTP proxy that the environment names, between <c>inspect</c> and the sites.</summary>
public sealed class InspectThroughProxyTests : IAsyncLifetime
{
    private readonly RawOrigin _proxy = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<string?> _credentials = new();
    private TestSite _site = null!;
    private int _siteAsked;

    public async ValueTask InitializeAsync()
    {
        _proxy.Otherwise(request =>
        {
            _asked.Enqueue(request.Head.StartLine);
            var credentials = request.Head.Value("Proxy-Authorization");
            _credentials.Enqueue(credentials);
            const string page = "<!DOCTYPE html><link rel=stylesheet href=/of-the-proxy.css>";
            return request.WriteAsync(
                request.Head.StartLine.StartsWith("CONNECT", StringComparison.Ordinal) ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                : credentials is null
                    ? "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
                : $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {page.Length}\r\n\r\n{page}");
        });
        _site = await TestSite.StartAsync(http =>
        {
            Interlocked.Increment(ref _siteAsked);
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<!DOCTYPE html><link rel=stylesheet href=/of-the-site.css>");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task It_is_asked_for_sites_by_http_and_has_its_credentials_alone()
    {
        var result = await InspectAsync(_site.Address + "/page");

        Assert.Contains("/of-the-proxy.css", result.Output, StringComparison.Ordinal);
        Assert.Contains($"GET {_site.Address}/page HTTP/1.1", _asked);
        Assert.Contains("Basic " + Convert.ToBase64String("user:pw"u8), _credentials);
        Assert.Equal(0, _siteAsked);
    }

    [Fact]
    public async Task It_is_asked_for_a_tunnel_to_sites_by_https()
    {
        var result = await InspectAsync("https://www.example.test/");

        Assert.Equal("CONNECT www.example.test:443 HTTP/1.1", _asked.First());
        Assert.Contains($"proxy '{_proxy.Url}' failed with status code '403'", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_host_of_its_own_a_site_is_asked_where_its_URL_says()
    {
        var result = await InspectAsync(_site.Address + "/page", "--host", "www.example.test");

        Assert.Contains("http://www.example.test/of-the-site.css", result.Output, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    private Task<PushProxy.Testing.ToolResult> InspectAsync(params string[] arguments)
    {
        var proxy = $"http://user:pw@{_proxy.Url.Authority}";
        return Pushproxy.RunAsync(
            ["inspect", .. arguments], null, new() { ["http_proxy"] = proxy, ["https_proxy"] = proxy, ["no_proxy"] = "", ["all_proxy"] = "" });
    }
}
