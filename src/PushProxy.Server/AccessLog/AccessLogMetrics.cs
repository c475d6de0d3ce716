using System.Diagnostics.Metrics;

namespace PushProxy.Server.AccessLog;

/// <summary>Counts what the access log lacks, under the meter <c>PushProxy</c>.</summary>
internal sealed class AccessLogMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _dropped = factory.Create("PushProxy").CreateCounter<long>(
        "pushproxy.access_log.dropped", "{line}", "Lines of the access log that were not written, by reason.");

    public void Dropped(int lines, bool isBehind) =>
        _dropped.Add(lines, new KeyValuePair<string, object?>("reason", isBehind ? "behind" : "failed"));
}
