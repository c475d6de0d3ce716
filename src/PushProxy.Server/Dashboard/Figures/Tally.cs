using System.Diagnostics.Metrics;

namespace PushProxy.Server.Dashboard.Figures;

/// <summary>
/// Adds up what this program's instruments count, so that the page can show it. It costs a request some nanoseconds for each measurement,
/// and the memory is bounded whatever values tags have.
/// </summary>
internal sealed class Tally : IDisposable
{
    private static readonly string[] s_meters = ["PushProxy", "PushProxy.Cache", "PushProxy.Redis"];
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, TallyOfOne> _instruments = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="factory">Has made the meters. Those of others in this process are not listened to.</param>
    public Tally(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // A histogram is no sum of anything that is shown.
            if (ReferenceEquals(instrument.Meter.Scope, factory) && s_meters.Contains(instrument.Meter.Name)
                && (instrument.IsObservable || instrument is Counter<long> or UpDownCounter<long>))
            {
                listener.EnableMeasurementEvents(instrument, Of(instrument.Name));
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            static (instrument, value, tags, state) => ((TallyOfOne)state!).Note(tags, value, instrument.IsObservable));
        _listener.SetMeasurementEventCallback<int>(
            static (instrument, value, tags, state) => ((TallyOfOne)state!).Note(tags, value, instrument.IsObservable));
        _listener.Start();
    }

    /// <summary>Returns what was counted since the start, and what gauges show now.</summary>
    public Counted Read()
    {
        lock (_lock)
        {
            _listener.RecordObservableInstruments();
            return new Counted(_instruments.ToDictionary(
                static i => i.Key, static i => i.Value.Read(), StringComparer.Ordinal));
        }
    }

    public void Dispose() => _listener.Dispose();

    private TallyOfOne Of(string name)
    {
        lock (_lock)
        {
            if (!_instruments.TryGetValue(name, out var tally))
            {
                _instruments[name] = tally = new TallyOfOne();
            }

            return tally;
        }
    }
}
