using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace PushProxy.Testing.Origins;

/// <summary>
/// A well-behaved ASP.NET Core origin, over HTTP/1.1 and over cleartext HTTP/2: WebSockets, streams in both directions, trailers.
/// </summary>
public sealed class AppOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AppOrigin(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        (Http1, Http2) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    /// <summary>HTTP/1.1.</summary>
    public Uri Http1 { get; }

    /// <summary>HTTP/2 with prior knowledge, no TLS.</summary>
    public Uri Http2 { get; }

    /// <summary>Starts it on loopback ports that the system chooses. Every path exists under any first segment.</summary>
    public static async Task<AppOrigin> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseWebSockets();
        app.Map("/{prefix}/socket", EchoSocketAsync);
        app.Map("/{prefix}/stream", EchoStreamAsync);
        app.Map("/{prefix}/refused-call", RefuseCall);
        await app.StartAsync();
        return new AppOrigin(app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task EchoSocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync((WebSocketCloseStatus)4001, "bye: " + socket.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

    // In the manner of gRPC: the head at once, an answer to each message, the result in the trailers.
    private static async Task EchoStreamAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        if (context.Response.SupportsTrailers())
        {
            context.Response.DeclareTrailer("grpc-status");
            context.Response.DeclareTrailer("x-bytes");
        }

        await context.Response.StartAsync();
        var (total, buffer) = (0L, new byte[64 * 1024]);
        while (await context.Request.Body.ReadAsync(buffer) is var n && n > 0)
        {
            total += n;
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, n));
            await context.Response.Body.FlushAsync();
        }

        if (context.Response.SupportsTrailers())
        {
            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("x-bytes", total.ToString(CultureInfo.InvariantCulture));
        }
    }

    // A gRPC error without a message: HEADERS with END_STREAM, the status among them.
    private static Task RefuseCall(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = "7";
        context.Response.Headers["grpc-message"] = "not%20allowed";
        return Task.CompletedTask;
    }
}
