using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PushProxy.Http2.HeaderBlocks;

namespace PushProxy.Http2.Connections;

/// <summary>Wraps a new connection according to its protocol, and cleans up when it ends.</summary>
internal sealed class ServerPushConnectionMiddleware
{
    private readonly ConnectionDelegate _next;
    private readonly ServerPushOptions _options;
    private readonly ListenOptions _endpoint;
    private readonly PromiseBlock.Limits _promiseLimits;
    private readonly PushLoad _load;
    private readonly PlaintextMissed _missed;

    public ServerPushConnectionMiddleware(ConnectionDelegate next, ServerPushOptions options, ListenOptions endpoint)
    {
        _next = next;
        _options = options;
        _endpoint = endpoint;
        _load = PushLoad.Of(endpoint.ApplicationServices);
        var log = endpoint.ApplicationServices.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        _missed = new(endpoint.ToString() ?? "An endpoint", log.CreateLogger(typeof(ServerPushConnectionMiddleware).FullName!));
        var kestrel = endpoint.ApplicationServices.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        _promiseLimits = new PromiseBlock.Limits(
            Math.Min(options.MaxHeaderBytes, kestrel.MaxRequestHeadersTotalSize),
            // The pseudo-fields are counted as well.
            Math.Max(0, kestrel.MaxRequestHeaderCount - 4),
            kestrel.Http2.MaxRequestHeaderFieldSize);
    }

    public Task OnConnectionAsync(ConnectionContext connection)
    {
        // The first bytes would tell whether TLS follows, but to look at them would cost every connection. A request shows it for nothing.
        if (connection.Features.Get<ITlsHandshakeFeature>() is null)
        {
            connection.Features.Set(_missed);
        }

        if (IsHttp2(connection))
        {
            return OnHttp2Async(connection);
        }

        return _options.InformationalOverHttp1 ? OnHttp1Async(connection) : _next(connection);
    }

    private bool IsHttp2(ConnectionContext connection)
        => connection.Features.Get<ITlsHandshakeFeature>() is null
            ? _endpoint.Protocols == HttpProtocols.Http2
            : connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true;

    private async Task OnHttp2Async(ConnectionContext connection)
    {
        var transport = connection.Transport;
        var isHttps = connection.Features.Get<ITlsHandshakeFeature>() is not null;
        var push = new PushConnection(transport, _options, _promiseLimits, _load, isHttps);
        connection.Transport = push;
        connection.Features.Set(push);

        // Kestrel may be busy with something else when the transport ends, for instance with the application that waits for us.
        using var ended = connection.ConnectionClosed.UnsafeRegister(static push => ((PushConnection)push!).Close(), push);
        try
        {
            await _next(connection);
        }
        finally
        {
            push.Close();
            connection.Transport = transport;
        }
    }

    private async Task OnHttp1Async(ConnectionContext connection)
    {
        var transport = connection.Transport;
        var http1 = new Http1Connection(transport);
        connection.Transport = http1;
        connection.Features.Set(http1);
        try
        {
            await _next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }
}
