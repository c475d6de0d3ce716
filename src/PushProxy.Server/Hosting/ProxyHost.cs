using System.Text;
using Microsoft.Extensions.Options;
using PushProxy.Knowledge.Saved;
using PushProxy.Server.AccessLog;
using PushProxy.Server.AffinityKeys;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;
using PushProxy.Server.Dashboard;
using PushProxy.Server.Health;
using PushProxy.Server.Metrics;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Server.Hosting;

/// <summary>Builds the program: listeners, certificates, the pipeline. The order of the calls matters.</summary>
internal static class ProxyHost
{
    /// <param name="configuration">A configuration that has been validated.</param>
    /// <param name="origin">The site of the catch-all route; null when <c>ReverseProxy</c> has the routes.</param>
    /// <exception cref="OptionsValidationException">
    /// Here or at start, if options of the program are not valid (any more). It names all errors.
    /// </exception>
    /// <exception cref="InvalidOperationException">The certificate can't be made, or no longer be loaded.</exception>
    public static (WebApplication App, Listeners Listeners) Build(ProxyConfiguration configuration, Uri? origin)
    {
        var section = configuration.Root.GetSection(ConfigurationValidator.Section);
        var options = ServerOptions.From(section);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

        // Only our own sources: a container image's ASPNETCORE_HTTP_PORTS is meant for other programs.
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddConfiguration(configuration.Root);
        builder.Logging.ClearProviders().AddConfiguration(configuration.Root.GetSection("Logging")).AddConsole();
        PrintableLog.AddTo(builder.Services);

        // Standard output is for the person who started the program; logs go to standard error. The slim builder has chosen a format.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = configuration.Root["Logging:Console:FormatterName"];
        });

        // The program has validated before it came here, and says so in its own words; the host makes sure of it.
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>>(new ServerOptionsValidator(inUse: []));
        builder.Services.AddOptions<ServerOptions>().Configure(bound => bound.Bind(section)).ValidateOnStart();
        var listeners = new Listeners();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;

            // Field values are opaque bytes (RFC 9110 §5.5). In Latin-1 each byte is a character, so all of them pass.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

            // Bodies are passed on as they come and kept nowhere, so the origin decides how large an upload may be.
            kestrel.Limits.MaxRequestBodySize = null;
            context.Configuration.GetSection("Kestrel").Bind(kestrel);
            listeners.Configure(kestrel);
        });

        var proxy = builder.Services.AddReverseProxy().LoadFromConfig(configuration.Root.GetSection("ReverseProxy"));
        if (origin is not null)
        {
            proxy.LoadFromMemory([OriginRoute.Route], [OriginRoute.Cluster(origin)]).AddConfigFilter<OriginFilter>();
        }

        proxy.ConfigureHttpClient(static (_, handler) =>
        {
            // Responses it reads as Latin-1 by itself.
            handler.RequestHeaderEncodingSelector ??= static (_, _) => Encoding.Latin1;
            handler.ReadOriginHints();
        });
        builder.Services.AddSingleton<ITransformProvider, ForwardedFieldTransform>();
        proxy.AddPushProxy(section);
        if (options.Shared.Redis is { } redis)
        {
            proxy.AddSharedRedis(redis, shared => shared.Prefix = options.Shared.Prefix);
        }

        ForwardErrors.Wrap(builder.Services);
        builder.Services.AddSingleton<AppliedConfiguration>();
        builder.Services.AddSingleton<IConfigChangeListener>(static provider => provider.GetRequiredService<AppliedConfiguration>());
        builder.Services.AddRequestTimeouts();
        builder.Services.AddMetricsExport(options, configuration.Root);
        builder.Services.AddAccessLog(options.AccessLog);
        if (options.Management.Enabled)
        {
            DashboardEndpoint.AddTo(builder.Services);
        }

        KeyServices.AddTo(
            builder.Services, new DirectoryInfo(Path.Combine(DataFolder(options), "keys")), isShared: options.Shared.Redis is not null);
        builder.Services.AddSingleton(configuration);
        builder.Services.AddHostedService<ReloadService>();
        Stopping.AddTo(builder.Services, options.DrainTime);

        // After it: what is added last is told first that the program stops, and a service manager is to know before the drain.
        SystemdService.AddTo(builder.Services);
        if (options.Listen.Any(static l => l.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            builder.Services.AddSingleton(static provider =>
            {
                var validated = provider.GetRequiredService<IOptions<ServerOptions>>().Value;
                var logger = provider.GetRequiredService<ILogger<CertificateStore>>();
                return new CertificateStore(Certificates(validated, logger), TimeProvider.System, logger);
            });
        }

        var app = builder.Build();

        // It begins to read what was learned before, while the rest starts.
        _ = app.Services.GetRequiredService<KnowledgeFile>();

        // Health checks are answered on the management listener alone. All other requests are the site's, in the time their route allows.
        if (options.Management.Enabled)
        {
            app.UseManagement(options.Management);
        }

        app.UseAccessLog(options.AccessLog);
        app.UseClientAddresses(options);
        app.UseHttpsOnly(options, listeners);
        app.UsePushProxyBeacon();

        // Routes are chosen by the scheme and host that clients have used.
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseHttpCache();
        app.MapReverseProxy(static proxy =>
        {
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
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
            .Select(HostOf)
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
                $"No certificate is configured, and none can be kept in '{folder}': {e.Message} "
                + "Set PushProxy:DataDirectory, or name one with --cert and --key.",
                e);
        }
    }

    private static string HostOf(string listen) =>
        ListenAddress.TryParse(listen, out var address, out _) && !address.IsUnixPipe ? address.Host.Trim('[', ']') : "localhost";
}
