using System.Globalization;
using System.Text.RegularExpressions;

namespace PushProxy.Testing.Clients;

/// <summary>One HTTP/2 frame as a client from outside printed it.</summary>
/// <param name="Sent">By the client; otherwise the client received it.</param>
/// <param name="Type">As RFC 9113 §6 names it.</param>
/// <param name="Stream">The stream it came on.</param>
/// <param name="Length">Of its payload, in bytes.</param>
/// <param name="Fields">Of HEADERS and PUSH_PROMISE that were received, in order.</param>
public sealed partial record Http2Frame(bool Sent, string Type, int Stream, int Length, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>What was printed below it: flags, error code, promised stream.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>The first value of a field; null when it has none.</summary>
    public string? this[string name] => Fields.FirstOrDefault(f => f.Name == name).Value;

    /// <summary>The status of a response's HEADERS; null of anything else, trailers included.</summary>
    public int? Status => this[":status"] is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : null;

    /// <summary>The stream that a PUSH_PROMISE reserves; 0 of anything else.</summary>
    public int PromisedStream =>
        Promised().Match(Detail) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    /// <summary>All values of its Link fields.</summary>
    public IReadOnlyList<LinkValue> Links => [.. Fields.Where(f => f.Name == "link").SelectMany(f => LinkValue.Parse(f.Value))];

    /// <summary>The targets of its preloads.</summary>
    public IEnumerable<string> Preloads => Links.Where(l => l.IsPreload).Select(l => l.Target);

    /// <summary>What the debug header says.</summary>
    public string Decision => this["pushproxy-decision"] ?? "";

    internal void Add(string detail) => Detail += detail + "\n";

    [GeneratedRegex(@"promised_stream_id=(\d+)")]
    private static partial Regex Promised();
}
