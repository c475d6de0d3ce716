namespace PushProxy.Server.Configuration;

/// <summary>What is measured beside what the program counts itself. Read at start.</summary>
internal sealed record MetricsOptions
{
    /// <summary>
    /// Whether requests and connections are measured as OpenTelemetry's semantic conventions for HTTP servers say
    /// (<c>http.server.request.duration</c> and others). It costs something with every request. Default false.
    /// </summary>
    public bool Http { get; init; }

    /// <summary>Reads a section, which need not be valid.</summary>
    public static MetricsOptions From(IConfiguration section) => new()
    {
        Http = bool.TryParse(section[nameof(Http)], out var http) && http,
    };
}
