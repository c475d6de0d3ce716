using Microsoft.AspNetCore.DataProtection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;
using PushProxy.Server.Health;

namespace PushProxy.Server.Hosting;

/// <summary>Puts the program together: listeners, certificates, the pipeline. Reads as the order of things matters.</summary>
internal static class ProxyHost
{
    /// <param name="configuration">A configuration that has been validated.</param>
    /// <param name="origin">The site of the catch-all route; null when <c>ReverseProxy</c> has the routes.</param>
    /// <exception cref="InvalidOperationException">The certificate can't be made, or no longer be loaded.</exception>
    public static (WebApplication App, Listeners Listeners) Build(ProxyConfiguration configuration, Uri? origin)
    {
        var section = configuration.Root.GetSection(ConfigurationValidator.Section);
        var options = ServerOptions.From(section);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

        // Only our own sources: a container image's ASPNETCORE_HTTP_PORTS is not meant for us.
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddConfiguration(configuration.Root);
        builder.Logging.ClearProviders().AddConfiguration(configuration.Root.GetSection("Logging")).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });

        // What a person started the program for is on standard output; what it logs is not.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            static console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        var listeners = new Listeners(options);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            context.Configuration.GetSection("Kestrel").Bind(kestrel);
            listeners.Configure(kestrel);
        });

        var proxy = builder.Services.AddReverseProxy().LoadFromConfig(configuration.Root.GetSection("ReverseProxy"));
        if (origin is not null)
        {
            proxy.LoadFromMemory([OriginRoute.Route], [OriginRoute.Cluster(origin)]);
        }

        proxy.AddPushProxy(section);
        builder.Services.AddRequestTimeouts();
        if (options.Management.Enabled)
        {
            // Our own meter alone: Kestrel's and hosting's measure every request, which costs every request.
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(static resource => resource.AddService("pushproxy"))
                .WithMetrics(static metrics => metrics.AddMeter("PushProxy").AddPrometheusExporter());
        }

        // Session affinity encrypts its cookies: with keys that are lost at a restart, clients would lose their server.
        builder.Services.AddDataProtection().SetApplicationName("pushproxy").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(DataFolder(options), "keys")));
        builder.Services.AddSingleton(configuration);
        builder.Services.AddHostedService<ReloadService>();
        if (options.Listen.Any(static l => l.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            builder.Services.AddSingleton(provider => new CertificateStore(
                Certificates(options, provider.GetRequiredService<ILogger<CertificateStore>>()),
                TimeProvider.System,
                provider.GetRequiredService<ILogger<CertificateStore>>()));
        }

        var app = builder.Build();

        // 1. Health checks, on the management listener alone.  2. Everything else is the site's, in the time its route allows.
        if (options.Management.Enabled)
        {
            app.UseManagement();
        }

        app.UseRequestTimeouts();
        app.MapReverseProxy();
        return (app, listeners);
    }

    private static string DataFolder(ServerOptions options) => options.DataDirectory ?? KeptCertificate.DefaultFolder();

    private static IReadOnlyList<CertificateOptions> Certificates(ServerOptions options, ILogger logger)
    {
        if (options.Certificates.Count > 0)
        {
            return options.Certificates;
        }

        var hosts = options.Listen
            .Select(static l => ListenAddress.TryParse(l, out var address, out _) && !address.IsUnixPipe ? address.Host.Trim('[', ']') : "localhost")
            .Where(static host => host is not ("*" or "+" or "0.0.0.0" or "::"))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var folder = DataFolder(options);
        try
        {
            return [KeptCertificate.Ensure(folder, hosts, DateTimeOffset.UtcNow, logger)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"No certificate is configured, and none can be kept in '{folder}': {e.Message} Set PushProxy:DataDirectory, or name one with --cert and --key.", e);
        }
    }
}
