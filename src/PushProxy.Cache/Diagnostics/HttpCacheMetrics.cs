using System.Diagnostics.Metrics;
using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Diagnostics;

/// <summary>
/// Counts what the cache does, under the meter <c>PushProxy.Cache</c>. Tags are words of enums, so their number is bounded.
/// </summary>
internal sealed class HttpCacheMetrics
{
    public const string MeterName = "PushProxy.Cache";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _notStored;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _errors;

    public HttpCacheMetrics(IMeterFactory factory)
    {
        var meter = _meter = factory.Create(MeterName);
        _requests = meter.CreateCounter<long>("pushproxy.cache.requests", "{request}", "Requests, by how they were answered.");
        _notStored = meter.CreateCounter<long>("pushproxy.cache.not_stored", "{response}", "Responses not stored, by reason.");
        _bytes = meter.CreateCounter<long>("pushproxy.cache.saved", "By", "Bytes of content that the origin did not send again.");
        _errors = meter.CreateCounter<long>("pushproxy.cache.errors", "{error}", "Errors of the cache. No such error fails a request.");
    }

    /// <summary>Shows a value that changes by itself.</summary>
    public void Watch(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    public void Answered(CacheOutcome outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", Words.Of(outcome)));

    public void Saved(long bytes) => _bytes.Add(bytes);

    public void NotStored(NotStoredReason reason) => _notStored.Add(1, new KeyValuePair<string, object?>("reason", Words.Of(reason)));

    public void Error() => _errors.Add(1);

    /// <summary>Writes enum values as words: <c>NoStore</c> is <c>no-store</c>.</summary>
    internal static class Words
    {
        public static string Of<T>(T value)
            where T : struct, Enum => Names<T>.All[value];

        private static class Names<T>
            where T : struct, Enum
        {
            public static readonly Dictionary<T, string> All =
                Enum.GetValues<T>().ToDictionary(static v => v, static v => Word(v.ToString()));

            private static string Word(string name) =>
                string.Concat(name.Select(static (c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : $"{c}"));
        }
    }
}
