using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PushProxy.Http2.Connections;

namespace PushProxy.Http2.Tests.Support;

/// <summary>A real Kestrel with server push, on a port the system chooses.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogCollector _log;

    private TestServer(WebApplication app, LogCollector log, ConcurrentQueue<PushConnection> connections)
    {
        _app = app;
        _log = log;
        Connections = connections;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public int Port { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>All HTTP/2 connections there were, for a look inside.</summary>
    public ConcurrentQueue<PushConnection> Connections { get; }

    /// <summary>What was logged at warning or above.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    public static async Task<TestServer> StartAsync(
        RequestDelegate handler,
        bool tls = false,
        HttpProtocols? protocols = null,
        Action<ServerPushOptions>? push = null,
        Action<KestrelServerOptions>? kestrel = null,
        bool withPush = true)
    {
        var log = new LogCollector();
        var connections = new ConcurrentQueue<PushConnection>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            kestrel?.Invoke(options);
            options.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = protocols ?? (tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2);
                if (tls)
                {
                    endpoint.UseHttps(TestCertificate.Value);
                }

                if (withPush)
                {
                    endpoint.UseServerPush(push);
                    endpoint.Use(next => connection =>
                    {
                        if (connection.Features.Get<PushConnection>() is { } made)
                        {
                            connections.Enqueue(made);
                        }

                        return next(connection);
                    });
                }
            });
        });
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        return new TestServer(app, log, connections);
    }

    /// <summary>Begins a graceful shutdown.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
