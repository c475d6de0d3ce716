using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Metrics;

/// <summary>
/// Hands out what the program counts: at <c>/metrics</c> of the management listener, and by OTLP if the environment says where.
/// </summary>
internal static class MetricsExport
{
    /// <summary>Those of the program.</summary>
    public static readonly string[] Meters = ["PushProxy", "PushProxy.Cache", "PushProxy.Redis"];

    // Hosting's has http.server.request.duration, Kestrel's the connections. They measure every request, which costs every request.
    private static readonly string[] s_http = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <param name="services">The program's services.</param>
    /// <param name="options">The program's options.</param>
    /// <param name="configuration">Has the variables of the environment.</param>
    public static void AddMetricsExport(this IServiceCollection services, ServerOptions options, IConfiguration configuration)
    {
        var isSent = OtlpSettings.AreSet(configuration);
        if (!options.Management.Enabled && !isSent)
        {
            // Nobody would see them.
            return;
        }

        services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (options.Metrics.Http)
            {
                metrics.AddMeter(s_http);
            }

            if (options.Management.Enabled)
            {
                // Whoever asks twice within a moment wants to see what has changed.
                metrics.AddPrometheusExporter(static exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
            }

            if (isSent)
            {
                metrics.AddOtlpExporter(exporter => OtlpSettings.Apply(configuration, exporter));
            }
        });
        if (isSent)
        {
            services.AddHostedService<OtlpFailures>();
        }
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so they win.
    private static void Describe(ResourceBuilder resource) => resource
        .AddService("pushproxy", serviceVersion: typeof(MetricsExport).Assembly.GetName().Version?.ToString(3))
        .AddEnvironmentVariableDetector();
}
