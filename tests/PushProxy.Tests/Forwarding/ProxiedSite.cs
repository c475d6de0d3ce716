using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PushProxy.Http2;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Tests.Forwarding;

/// <summary>A site that answers as a test says, and a proxy with PushProxy in front of it; real servers on loopback.</summary>
internal sealed class ProxiedSite : IAsyncDisposable
{
    private static readonly Lazy<TestCertificate> Certificate = new();
    private readonly WebApplication _origin;
    private readonly WebApplication _proxy;
    private readonly HttpClient _client;

    private ProxiedSite(WebApplication origin, WebApplication proxy, IPAddress? from = null)
    {
        (_origin, _proxy) = (origin, proxy);
        _client = Browser(Address, from);
    }

    public string Address => _proxy.Urls.Single();

    public IServiceProvider Services => _proxy.Services;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="address">The proxy's.</param>
    /// <param name="from">The loopback address that the client has; null for the usual one.</param>
    /// <param name="window">How many bytes of an answer it takes before it is read, if that is not the usual; over HTTP/2.</param>
    public static HttpClient Browser(string address, IPAddress? from = null, int? window = null)
    {
        var handler = Http2Client.NewHandler(from);
        handler.InitialHttp2StreamWindowSize = window ?? 64 * 1024;
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(address),
            DefaultRequestVersion = window is null ? HttpVersion.Version11 : HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }


    /// <summary>The same proxy as a client at another address sees it.</summary>
    public ProxiedSite From(string address) => new(_origin, _proxy, IPAddress.Parse(address));

    public static async Task<ProxiedSite> StartAsync(
        RequestDelegate site, Action<PushProxyOptions>? configure = null, string? policy = null, Action<IServiceCollection>? services = null, bool http2 = false)
    {
        var origin = Server();
        var originApp = origin.Build();
        originApp.Run(site);
        await originApp.StartAsync();

        var proxy = Server(http2);
        proxy.Services.AddReverseProxy()
            .LoadFromMemory(
                [new RouteConfig
                {
                    RouteId = "all", ClusterId = "site", Match = new RouteMatch { Path = "/{**all}" },
                    Metadata = policy is null ? null : new Dictionary<string, string> { [DeliveryPolicy.MetadataKey] = policy },
                }],
                [new ClusterConfig
                {
                    ClusterId = "site",
                    Destinations = new Dictionary<string, DestinationConfig> { ["site"] = new() { Address = originApp.Urls.Single() } },
                }])
            .AddPushProxy(options =>
            {
                options.Defaults = options.Defaults with { DebugHeader = true };

                // Most tests have one client at one address, with cookies of its own.
                options.Learning = options.Learning with
                {
                    NamedBy = 1,
                    SharedByAddresses = 1,
                    TrafficAddresses = 1,
                    TrustCookies = true,
                };
                configure?.Invoke(options);
            });
        services?.Invoke(proxy.Services);
        var proxyApp = proxy.Build();
        proxyApp.MapReverseProxy();
        await proxyApp.StartAsync();
        return new ProxiedSite(originApp, proxyApp);
    }

    /// <summary>A site of one page; what it answers can be exchanged while it runs.</summary>
    public static Task<ProxiedSite> StartAsync(Func<string> html, Action<PushProxyOptions>? configure = null) =>
        StartAsync(http => Html(http, html()), configure);

    /// <summary>Answers with a page; a path that ends as a file's does is answered with that file.</summary>
    public static Task Html(HttpContext http, string html)
    {
        var type = Path.GetExtension(http.Request.Path.Value) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".woff2" => "font/woff2",
            ".jpg" or ".png" => "image/" + Path.GetExtension(http.Request.Path.Value)![1..],
            _ => null,
        };
        if (type is not null)
        {
            http.Response.Headers.Clear();
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentType = type;
            http.Response.Headers.CacheControl = "max-age=60";
            return http.Response.WriteAsync("/* file */");
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(html);
    }

    public async Task<Answer> GetAsync(string path = "/", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request);
        return new Answer(
            response.StatusCode,
            response.Headers.TryGetValues("Link", out var link) ? string.Join(", ", link) : null,
            response.Headers.TryGetValues("PushProxy-Decision", out var decision) ? string.Join(" | ", decision) : null,
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Asks, and returns as soon as the headers are there.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path = "/") => _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Asks until the decision starts with a word: learning happens off the request path.</summary>
    public Task<Answer> UntilAsync(string source, string path = "/", params (string Name, string Value)[] headers) => Eventually.AnswerAsync(
        () => GetAsync(path, headers),
        answer => answer.Decision?.StartsWith(source, StringComparison.Ordinal) == true
            && !(source == "learned" && answer.Decision.Contains("skip=not-answered", StringComparison.Ordinal)),
        $"a decision that starts with '{source}'");

    /// <summary>Asks until the page has been read, whether or not what it names was answered.</summary>
    public Task<Answer> UntilReadAsync(string path) => Eventually.AnswerAsync(
        () => GetAsync(path), answer => answer.Decision?.StartsWith("learned", StringComparison.Ordinal) == true, "a page that is learned");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private static WebApplicationBuilder Server(bool http2 = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (http2)
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(Certificate.Value.Certificate).UseServerPush()));
        }
        else
        {
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1));
        }

        return builder;
    }
}

internal sealed record Answer(HttpStatusCode Status, string? Link, string? Decision, byte[] Body);
