using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PushProxy.Testing.Proxies;

/// <summary>YARP as it comes, on Kestrel as it comes but for the Server header: what PushProxy is compared with.</summary>
public sealed class StockYarp : IProxy
{
    private readonly WebApplication _app;
    private readonly MemoryLog _log;

    private StockYarp(WebApplication app, MemoryLog log)
    {
        _app = app;
        _log = log;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Cleartext = new Uri(addresses.Single(a => a.StartsWith("http:", StringComparison.Ordinal)));
        Secure = new Uri(addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    public Uri Cleartext { get; }

    /// <inheritdoc/>
    public Uri Secure { get; }

    /// <inheritdoc/>
    public string Log => _log.ToString();

    /// <summary>Starts it on loopback ports that the system chooses.</summary>
    /// <param name="configuration">JSON with a <c>ReverseProxy</c> section.</param>
    /// <param name="certificate">For the TLS listener.</param>
    /// <param name="configure">What else the application should do before it proxies.</param>
    public static async Task<StockYarp> StartAsync(
        string configuration, TestCertificate certificate, Action<WebApplication>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var log = new MemoryLog();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(configuration)));
        // As PushProxy has it by default: no activity a request, and so no traceparent of the proxy's own to the origin.
        builder.Logging.AddProvider(log).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate.Certificate);
            });
        });
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Services.AddRouting();
        builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        var app = builder.Build();
        configure?.Invoke(app);
        app.MapReverseProxy();
        await app.StartAsync();
        return new StockYarp(app, log);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class MemoryLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_lines.Count < 1000)
            {
                _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }

        public override string ToString() => string.Join('\n', _lines);
    }
}
