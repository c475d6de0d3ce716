using System.Collections.Concurrent;
using System.Text.Json;

namespace PushProxy.Load.Site;

/// <summary>
/// Counts what reaches the origin. Each proxy asks at a port of its own, so that two proxies before one origin are told apart, whatever
/// they send.
/// </summary>
internal sealed class OriginCounter
{
    /// <summary>Where the origin tells it.</summary>
    public const string Path = "/counted";

    private readonly ConcurrentDictionary<int, Counts> _ports = new();

    /// <summary>Counts a request.</summary>
    public void Count(HttpContext http)
    {
        var counts = _ports.GetOrAdd(http.Connection.LocalPort, static _ => new Counts());
        Interlocked.Increment(ref counts.Requests);
        if (http.Request.Headers.UserAgent.ToString().StartsWith("PushProxy/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref counts.Learning);
        }
    }

    /// <summary>What came to a port so far.</summary>
    public OriginCounts Of(int port) => _ports.TryGetValue(port, out var counts)
        ? new(Interlocked.Read(ref counts.Requests), Interlocked.Read(ref counts.Learning))
        : new(0, 0);

    private sealed class Counts
    {
        public long Requests;
        public long Learning;
    }
}

/// <summary>What reached the origin.</summary>
/// <param name="Requests">Requests, whoever caused them.</param>
/// <param name="Learning">How many of them the proxy made by itself, to learn.</param>
internal sealed record OriginCounts(long Requests, long Learning)
{
    /// <summary>What the origin at an address has counted so far.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public static async Task<OriginCounts> ReadAsync(Uri counted, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return JsonSerializer.Deserialize<OriginCounts>(await client.GetStringAsync(counted, cancellation), JsonSerializerOptions.Web)!;
    }

    /// <summary>As <see cref="ReadAsync"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>What came between two readings.</summary>
    public static OriginCounts operator -(OriginCounts after, OriginCounts before) =>
        new(after.Requests - before.Requests, after.Learning - before.Learning);
}
