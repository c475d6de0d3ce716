using System.Collections.Concurrent;

namespace PushProxy.Testing.Comparing;

/// <summary>
/// One request through a proxy, known to both its ends: the origin can wait for what the client has got, and the reverse.
/// </summary>
public sealed class Exchange
{
    /// <summary>The request header that carries <see cref="Id"/> through the proxy.</summary>
    public const string HeaderName = "X-Exchange";

    private static readonly ConcurrentDictionary<string, Exchange> Known = new();

    /// <summary>Names this exchange in the request.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>How much of the response body the client has; 0 once it has the head.</summary>
    public Watermark Client { get; } = new("The client");

    /// <summary>How much of the request body the origin has; 0 once it has the head.</summary>
    public Watermark Origin { get; } = new("The origin");

    /// <summary>The request as the origin saw it.</summary>
    public Transcript OriginSaw { get; } = new();

    /// <summary>Done when the origin's handler has ended, with its exception if it failed.</summary>
    public TaskCompletionSource OriginDone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A new exchange that an origin finds by its id.</summary>
    public static Exchange Begin()
    {
        var exchange = new Exchange();
        Known[exchange.Id] = exchange;
        return exchange;
    }

    /// <summary>The exchange that a request names; a new one when it names none.</summary>
    public static Exchange Find(string? id) => id is not null && Known.TryGetValue(id, out var known) ? known : new Exchange();
}
