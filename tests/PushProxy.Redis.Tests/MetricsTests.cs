using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PushProxy.Redis.Diagnostics;
using PushProxy.Redis.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Redis.Tests;

public class MetricsTests
{
    [Fact]
    public async Task What_is_shared_is_counted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = new Instance(redis.Connection);
        await using var other = new Instance(redis.Connection);
        using var ones = new Meters(one.Meters);
        using var others = new Meters(other.Meters);
        one.Put("a", "12345");
        Assert.Equal((0, 1, 6), (ones["connected"], ones["waiting"], ones["waiting.bytes"]));

        one.Records.Start(one.Receiver);
        other.Records.Start(other.Receiver);
        await other.Receiver.HasAsync("a", "12345");
        await one.WrittenAsync();
        await one.ConnectedAsync(true);

        Assert.Equal((1, 0, 0), (ones["connected"], ones["waiting"], ones["waiting.bytes"]));
        Assert.Equal((1, 5, 0), (ones["put"], ones["put.bytes"], ones["received"]));
        Assert.Equal((0, 1, 5), (others["put"], others["received"], others["received.bytes"]));
        Assert.Equal(0, ones["errors"]);
        await redis.KillAsync();
        await Eventually.TrueAsync(() => ones["errors"] > 0 && ones["connected"] == 0, static () => "No error was counted.");
    }

    private sealed class Meters : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _values = new();

        public Meters(IMeterFactory factory)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == RedisMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((i, value, _, _) => Add(i, value));
            _listener.SetMeasurementEventCallback<int>((i, value, _, _) => Add(i, value));
            _listener.Start();
        }

        public long this[string name]
        {
            get
            {
                _listener.RecordObservableInstruments();
                return _values.GetValueOrDefault("pushproxy.redis." + name);
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, long value) =>
            _values.AddOrUpdate(instrument.Name, value, (_, before) => instrument.IsObservable ? value : before + value);
    }
}
