using System.Globalization;
using OpenTelemetry.Exporter;

namespace PushProxy.Server.Metrics;

/// <summary>
/// The variables of the environment by which OpenTelemetry's programs are told where metrics go
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Without an endpoint, nothing is sent.
/// </summary>
internal static class OtlpSettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string Endpoint = "ENDPOINT";

    /// <summary>Whether somebody wants metrics.</summary>
    public static bool AreSet(IConfiguration configuration) => Address(configuration) is not null;

    /// <summary>The address that metrics are sent to, as it was written; null if none was.</summary>
    public static string? Address(IConfiguration configuration) =>
        Text(configuration, "METRICS_" + Endpoint) ?? Text(configuration, Endpoint);

    /// <summary>
    /// Takes over the variables that are for metrics alone. The library reads the general ones itself, and these only for all signals
    /// together, of which there is one here.
    /// </summary>
    public static void Apply(IConfiguration configuration, OtlpExporterOptions options)
    {
        if (Text(configuration, "METRICS_PROTOCOL") is { } protocol)
        {
            options.Protocol = protocol switch
            {
                "grpc" => OtlpExportProtocol.Grpc,
                "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
                _ => options.Protocol,
            };
        }

        if (Text(configuration, "METRICS_HEADERS") is { } headers)
        {
            options.Headers = headers;
        }

        if (int.TryParse(Text(configuration, "METRICS_TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            options.TimeoutMilliseconds = milliseconds;
        }

        // "the URL MUST be used as-is": v1/metrics is added to the general one alone.
        if (Uri.TryCreate(Text(configuration, "METRICS_" + Endpoint), UriKind.Absolute, out var address))
        {
            options.Endpoint = address;
        }
    }

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[Prefix + name] is { Length: > 0 } text ? text : null;
}
