using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
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
using PushProxy.Http2.Tests.Wire;
using PushProxy.Testing;

namespace PushProxy.Http2.Tests.Support;

/// <summary>A real Kestrel with server push, on a port the system chooses.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogCollector _log;
    private readonly MemoryTransport _memory;

    private TestServer(WebApplication app, LogCollector log, ConcurrentQueue<PushConnection> connections, MemoryTransport memory)
    {
        _memory = memory;
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
        bool withPush = true,
        bool inMemory = false,
        bool pushBeforeTls = false)
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
                if (pushBeforeTls)
                {
                    endpoint.UseServerPush(push);
                }

                if (tls)
                {
                    endpoint.UseHttps(ServerCertificate.Value);
                }

                if (withPush && !pushBeforeTls)
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
        var memory = new MemoryTransport();
        if (inMemory)
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(memory);
        }

        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        return new TestServer(app, log, connections, memory);
    }

    /// <summary>A server whose clients speak frames.</summary>
    public static Task<TestServer> ForFramesAsync(
        RequestDelegate handler, Action<ServerPushOptions>? push = null, Action<KestrelServerOptions>? kestrel = null)
        => StartAsync(handler, push: push, kestrel: kestrel, inMemory: true);

    /// <summary>A new connection, past the preface.</summary>
    public Task<WireClient> ConnectAsync(params (int Id, uint Value)[] settings) => Open().StartAsync(settings);

    /// <summary>A new connection on which nothing has been sent.</summary>
    public WireClient Open(int blockSize = 0, int unread = 0)
    {
        var connection = _memory.Connect(blockSize, unread);
        return new WireClient(connection.ToServer, connection.FromServer, connection);
    }

    /// <summary>A new connection over TLS and a socket, past the preface.</summary>
    public async Task<WireClient> ConnectTlsAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(EndPoint);
        socket.NoDelay = true;
        var tls = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "push.test", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        return await new WireClient(PipeWriter.Create(tls), PipeReader.Create(tls)).StartAsync();
    }

    /// <summary>Waits until nothing is under way on any connection.</summary>
    public Task QuietAsync() => Eventually.TrueAsync(
        () => Connections.All(static c => c.State is { PushesInFlight: 0, PushesInKestrel: 0, ToClient.Count: 0 }),
        () => "Under way: " + string.Join("; ", Connections.Select(static c =>
            $"{c.State.PushesInFlight} pushes to the client, {c.State.PushesInKestrel} in Kestrel, {c.State.ToClient.Count} streams")),
        WireClient.Patience);

    /// <summary>Waits until a header block of a client's has been taken up and not yet ended.</summary>
    public Task InClientsHeaderBlockAsync() => Eventually.TrueAsync(
        () => Connections.Any(static c => c.State.ClientInHeaderBlock), () => "No client is in the midst of a header block.", WireClient.Patience);

    /// <summary>Begins a graceful shutdown.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
