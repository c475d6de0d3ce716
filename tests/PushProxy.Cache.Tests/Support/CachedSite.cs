using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace PushProxy.Cache.Tests.Support;

/// <summary>A real server with the cache, in front of an origin that a test writes. Its clock stands still until a test moves it.</summary>
internal sealed class CachedSite : IHttpCachePolicy, IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private CachedSite(Func<HttpContext, Task> origin, HttpCacheOptions? options, Action<IServiceCollection>? services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IHttpCachePolicy>(this);
        builder.Services.AddHttpCache();
        services?.Invoke(builder.Services);
        if (options is not null)
        {
            builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        }

        _app = builder.Build();
        _app.Use(next => http => InFront(http, next));
        _app.UseHttpCache();
        _app.Run(http =>
        {
            Interlocked.Increment(ref _requests);
            Asked.Add($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
            return origin(http);
        });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    public HttpCacheScope Scope { get; set; } = HttpCacheScope.All;

    /// <summary>What tells partitions apart: a request field.</summary>
    public string? PartitionField { get; set; }

    /// <summary>What requests are counted by: a request field.</summary>
    public string? NameField { get; set; }

    public bool Encodes { get; set; } = true;

    /// <summary>Whether something changes bodies on their way to the client.</summary>
    public bool ChangesBody { get; set; }

    /// <summary>What the application does in front of the cache.</summary>
    public Func<HttpContext, RequestDelegate, Task> InFront { get; set; } = static (http, next) => next(http);

    public HttpClient Client { get; private set; } = null!;

    /// <summary>How often the origin was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What the origin was asked for.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Asked { get; } = [];

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>The same site by HTTP/2 without TLS. The cache takes it for another, because the port is another.</summary>
    public Uri Http2Address { get; private set; } = null!;

    public static Task<CachedSite> StartAsync(Action<HttpContext> origin, HttpCacheOptions? options = null) =>
        StartAsync(
            http =>
            {
                origin(http);
                return Task.CompletedTask;
            },
            options);

    public static async Task<CachedSite> StartAsync(
        Func<HttpContext, Task> origin, HttpCacheOptions? options = null, Action<IServiceCollection>? services = null)
    {
        var site = new CachedSite(origin, options, services);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        (site.Address, site.Http2Address) = (new Uri(site._app.Urls.First()), new Uri(site._app.Urls.Last()));
        site.Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 2000 })
        {
            BaseAddress = site.Address,
        };
        return site;
    }

    /// <summary>An origin that always gives the same fields, and a body that counts.</summary>
    public static Task<CachedSite> OfAsync(params (string Name, string Value)[] fields)
    {
        var count = 0;
        return StartAsync(async http =>
        {
            foreach (var (name, value) in fields)
            {
                http.Response.Headers.Append(name, value);
            }

            await http.Response.WriteAsync($"body {Interlocked.Increment(ref count)}");
        });
    }

    public HttpCacheRules RulesOf(HttpContext context) =>
        new(Scope, ShowsStatus: true, Field(context, PartitionField), Encodes, Field(context, NameField))
        {
            ChangesBody = ChangesBody,
        };

    private static string Field(HttpContext context, string? name) => name is null ? "" : context.Request.Headers[name].ToString();

    public async Task<Answer> SendAsync(string method, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(
            (int)response.StatusCode, headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] fields) => SendAsync("GET", path, fields);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What a client got.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? this[string field] => Headers.GetValueOrDefault(field);
}
