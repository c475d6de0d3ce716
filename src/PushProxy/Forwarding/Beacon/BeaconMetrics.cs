using System.Diagnostics.Metrics;
using PushProxy.Diagnostics;
using PushProxy.Proof;

namespace PushProxy.Forwarding.Beacon;

/// <summary>Counts tags and records.</summary>
internal sealed class BeaconMetrics
{
    private readonly Counter<long> _pages;
    private readonly Counter<long> _records;
    private readonly Histogram<double> _times;

    public BeaconMetrics(PushProxyMetrics metrics)
    {
        _pages = metrics.Meter.CreateCounter<long>(
            "pushproxy.beacon.pages", "{page}", "Pages that navigations got, by whether the beacon's tag was added, and why not.");
        _records = metrics.Meter.CreateCounter<long>(
            "pushproxy.beacon.records", "{record}", "Records that came, by what became of them.");
        _times = metrics.Meter.CreateHistogram(
            "pushproxy.beacon.time", "s", "What browsers tell, by measure.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 30] });
    }

    public void Page(BeaconOutcome outcome) => _pages.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void Record(RecordOutcome outcome) => _records.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void Time(ProofMeasure measure, int milliseconds) =>
        _times.Record(milliseconds / 1000d, new KeyValuePair<string, object?>("measure", measure.Name()));
}
