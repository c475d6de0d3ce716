using System.Diagnostics.Tracing;
using System.Globalization;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Metrics;

/// <summary>
/// Says in the log that metrics can't be sent, once. OpenTelemetry's library tries again by itself at the next interval, and tells of each
/// failure only those who listen to its events.
/// </summary>
internal sealed partial class OtlpFailures(ProxyConfiguration configuration, ILogger<OtlpFailures> logger) : EventListener, IHostedService
{
    private const string Source = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    // Events come before the constructor has run.
    private volatile bool _isReady;
    private int _hasSaid;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _isReady = true;
        foreach (var source in EventSource.GetSources().Where(static s => s.Name == Source))
        {
            EnableEvents(source, EventLevel.Warning);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_isReady && eventData.Level <= EventLevel.Warning && Interlocked.Exchange(ref _hasSaid, 1) == 0)
        {
            var address = OtlpSettings.Address(configuration.Root);
            LogFailed(address ?? "", Printable.Line(Reason(eventData)));
        }
    }

    // The first line of what it was given says what; the rest is a stack trace.
    private static string Reason(EventWrittenEventArgs e) => string.Format(
        CultureInfo.InvariantCulture,
        e.Message ?? "{0}",
        [.. (e.Payload ?? []).Select(static p => $"{p}".Split('\n')[0].TrimEnd(' ', '\r', '.'))]);

    [LoggerMessage(1, LogLevel.Warning,
        "Metrics can't be sent to {Address}. {Reason}. Nothing else depends on it. It is tried again and again, and not said again.")]
    private partial void LogFailed(string address, string reason);
}
