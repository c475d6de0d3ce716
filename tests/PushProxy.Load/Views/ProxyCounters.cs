using System.Globalization;
using System.Text.RegularExpressions;

namespace PushProxy.Load.Views;

/// <summary>What a PushProxy counts itself, from its management listener, in Prometheus' text format.</summary>
internal static partial class ProxyCounters
{
    /// <summary>All counters now.</summary>
    /// <exception cref="HttpRequestException">The listener does not answer.</exception>
    public static async Task<IReadOnlyDictionary<(string Name, string Label), double>> ReadAsync(
        Uri metrics, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return Parse(await client.GetStringAsync(metrics, cancellation));
    }

    /// <summary>What was counted between two readings, by counter and what it tells apart (<c>outcome</c>, <c>reason</c>).</summary>
    public static IReadOnlyList<ProxyCount> Between(
        IReadOnlyDictionary<(string Name, string Label), double> before, IReadOnlyDictionary<(string Name, string Label), double> after) =>
        [
            .. after.Select(a => new ProxyCount(a.Key.Name, a.Key.Label, a.Value - before.GetValueOrDefault(a.Key)))
                .Where(static c => c.Value > 0) .OrderBy(static c => c.Name, StringComparer.Ordinal).ThenByDescending(static c => c.Value),
        ];

    internal static Dictionary<(string Name, string Label), double> Parse(string text)
    {
        var found = new Dictionary<(string Name, string Label), double>();
        foreach (Match line in Counter().Matches(text))
        {
            var label = string.Join(
                ", ",
                Label().Matches(line.Groups["labels"].Value)
                    .Where(static l => !l.Groups[1].Value.StartsWith("otel_", StringComparison.Ordinal))
                        .Select(static l => l.Groups[2].Value));
            found[(line.Groups["name"].Value, label)] = double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return found;
    }

    [GeneratedRegex(@"^(?<name>pushproxy_\w+)_total(?:\{(?<labels>[^\n]*)\})? (?<value>[0-9.eE+]+)", RegexOptions.Multiline)]
    private static partial Regex Counter();

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}

/// <summary>One counter's increase.</summary>
/// <param name="Name">The counter: <c>pushproxy_pushes</c>.</param>
/// <param name="Label">What it tells apart: <c>delivered</c>.</param>
/// <param name="Value">By how much it rose.</param>
internal sealed record ProxyCount(string Name, string Label, double Value);
