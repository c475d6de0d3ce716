using System.Diagnostics.Metrics;

namespace PushProxy.Redis.Diagnostics;

/// <summary>Counts what is shared, under the meter <c>PushProxy.Redis</c>.</summary>
internal sealed class RedisMetrics
{
    public const string MeterName = "PushProxy.Redis";

    private readonly Counter<long> _put, _putBytes, _received, _receivedBytes, _errors;

    /// <param name="factory">Makes the meter.</param>
    /// <param name="isConnected">Whether Redis answers.</param>
    /// <param name="waiting">How many records wait, and how many bytes they have.</param>
    public RedisMetrics(IMeterFactory factory, Func<bool> isConnected, Func<(int Count, long Bytes)> waiting)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge("pushproxy.redis.connected", () => isConnected() ? 1 : 0, null, "Whether Redis answers: 1 or 0.");
        meter.CreateObservableGauge("pushproxy.redis.waiting", () => waiting().Count, "{record}", "Records that wait to be put.");
        meter.CreateObservableGauge("pushproxy.redis.waiting.bytes", () => waiting().Bytes, "By", "Bytes that wait to be put.");
        _put = meter.CreateCounter<long>("pushproxy.redis.put", "{record}", "Records that this instance has put.");
        _putBytes = meter.CreateCounter<long>("pushproxy.redis.put.bytes", "By", "Bytes of values that this instance has put.");
        _received = meter.CreateCounter<long>("pushproxy.redis.received", "{record}", "Records that this instance has received.");
        _receivedBytes = meter.CreateCounter<long>(
            "pushproxy.redis.received.bytes", "By", "Bytes of values that this instance has received.");
        _errors = meter.CreateCounter<long>("pushproxy.redis.errors", "{error}", "What Redis has not done. It is tried again.");
    }

    public void Put(int bytes)
    {
        _put.Add(1);
        _putBytes.Add(bytes);
    }

    public void Received(int bytes)
    {
        _received.Add(1);
        _receivedBytes.Add(bytes);
    }

    public void Error() => _errors.Add(1);
}
