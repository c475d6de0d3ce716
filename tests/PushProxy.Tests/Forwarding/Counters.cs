using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Testing;

namespace PushProxy.Tests.Forwarding;

/// <summary>Counts what one proxy's meter counts.</summary>
internal sealed class Counters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public Counters(ProxiedSite site, string instrument)
    {
        var meter = site.Services.GetRequiredService<Diagnostics.PushProxyMetrics>().Meter;
        _listener.InstrumentPublished = (i, listener) =>
        {
            if (i.Name == instrument && ReferenceEquals(i.Meter, meter))
            {
                listener.EnableMeasurementEvents(i);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                _counts.AddOrUpdate($"{tag.Key}={tag.Value}", value, (_, old) => old + value);
            }
        });
        _listener.Start();
    }

    public long this[string tag, string value] => _counts.GetValueOrDefault($"{tag}={value}");

    public Task UntilAsync(string tag, string value, long count) => Eventually.TrueAsync(
        () => this[tag, value] >= count, () => $"{tag}={value} was counted {this[tag, value]} times, not {count}.");

    /// <summary>Waits until an instrument with one tag has counted so much, whatever the tag says.</summary>
    public Task UntilAsync(long count) => Eventually.TrueAsync(
        () => _counts.Values.Sum() >= count, () => $"{_counts.Values.Sum()} were counted, not {count}.");

    public void Dispose() => _listener.Dispose();
}
