using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PushProxy.Cache.Diagnostics;

/// <summary>
/// Counts what the cache does, under the meter <c>PushProxy.Cache</c>. Tags are words of enums and the names that the policy gives its
/// rules, so their number is bounded.
/// </summary>
internal sealed class HttpCacheMetrics
{
    public const string MeterName = "PushProxy.Cache";

    /// <summary>What is counted under names beyond <see cref="MaxNames"/>. A policy should not have so many.</summary>
    public const string OtherNames = "(others)";

    private const int MaxNames = 1024;

    private readonly Meter _meter;
    private readonly Counter<long> _errors;
    private readonly ConcurrentDictionary<string, NamedCounts> _counts = new(StringComparer.Ordinal);
    private readonly Func<string, NamedCounts> _add;

    public HttpCacheMetrics(IMeterFactory factory)
    {
        var meter = _meter = factory.Create(MeterName);
        Requests = meter.CreateCounter<long>(
            "pushproxy.cache.requests", "{request}", "Requests, by how they were answered and by route.");
        NotStored = meter.CreateCounter<long>(
            "pushproxy.cache.not_stored", "{response}", "Responses not stored, by reason and by route.");
        Saved = meter.CreateCounter<long>(
            "pushproxy.cache.saved", "By", "Bytes of content that the origin did not send again, by route.");
        Encoded = meter.CreateCounter<long>(
            "pushproxy.encoding.saved", "By", "Bytes that content codings have taken off what clients were sent, by route.");
        _errors = meter.CreateCounter<long>("pushproxy.cache.errors", "{error}", "Errors of the cache. No such error fails a request.");
        _add = name => new NamedCounts(name, this);
    }

    public Counter<long> Requests { get; }

    public Counter<long> NotStored { get; }

    public Counter<long> Saved { get; }

    public Counter<long> Encoded { get; }

    /// <summary>All that was counted, by name, in no order.</summary>
    public IEnumerable<NamedCounts> All => _counts.Values;

    /// <summary>Shows a value that changes by itself.</summary>
    public void Watch(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    /// <summary>Returns what is counted for requests with these rules. Nothing is allocated for a name that is known.</summary>
    public NamedCounts For(in HttpCacheRules rules) => _counts.TryGetValue(rules.Name, out var counts) ? counts
        : _counts.GetOrAdd(_counts.Count < MaxNames ? rules.Name : OtherNames, _add);

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
