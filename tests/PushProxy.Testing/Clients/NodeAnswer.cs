using System.Text.Json;

namespace PushProxy.Testing.Clients;

/// <summary>What a <see cref="NodeConnection"/> got for a request, and all that came with it.</summary>
/// <param name="Status">Of the final response; 0 when there was none.</param>
/// <param name="Code">How its stream ended: 0, or an error code (RFC 9113 §7).</param>
/// <param name="Fields">Of the final response, names in lower case.</param>
/// <param name="Body">Its content.</param>
/// <param name="Hints">The fields of each 103.</param>
/// <param name="Pushes">What was promised with it, in the order of the promises.</param>
/// <param name="Errors">Errors of the connection.</param>
public sealed record NodeAnswer(
    int Status, int Code, IReadOnlyList<(string Name, string Value)> Fields, string Body, IReadOnlyList<IReadOnlyList<(
        string Name, string Value)>> Hints,
    IReadOnlyList<NodePush> Pushes, IReadOnlyList<string> Errors)
{
    /// <summary>The first value of a field of the final response; null when it has none.</summary>
    public string? this[string name] => Fields.FirstOrDefault(f => f.Name == name).Value;

    /// <summary>The paths that were promised.</summary>
    public IEnumerable<string> Promised => Pushes.Select(p => p.Path);

    /// <summary>The targets of the preloads in the 103 responses.</summary>
    public IEnumerable<string> Hinted => Hints.SelectMany(Preloads);

    /// <summary>The targets of the preloads on the final response.</summary>
    public IEnumerable<string> Linked => Preloads(Fields);

    /// <summary>All that was delivered early, by whatever channel, each once, in no order that matters.</summary>
    public IReadOnlyList<string> Delivered => [.. Promised.Concat(Hinted).Concat(Linked).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What the debug header says.</summary>
    public string Decision => this["pushproxy-decision"] ?? "";

    internal static NodeAnswer Of(JsonElement line) => new(
        line.GetProperty("status").GetInt32(),
        line.GetProperty("code").GetInt32(),
        Pairs(line.GetProperty("fields")),
        line.GetProperty("body").GetString()!,
        [.. line.GetProperty("hints").EnumerateArray().Select(Pairs)],
        [.. line.GetProperty("pushed").EnumerateArray().Select(Push)],
        [.. line.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!)]);

    private static NodePush Push(JsonElement push) => new(
        push.GetProperty("path").GetString()!,
        Pairs(push.GetProperty("request")),
        push.GetProperty("status").GetInt32(),
        push.GetProperty("code").GetInt32(),
        push.GetProperty("body").GetString()!);

    private static IReadOnlyList<(string Name, string Value)> Pairs(JsonElement fields) =>
        [.. fields.EnumerateArray().Select(f => (f[0].GetString()!, f[1].GetString()!))];

    private static IEnumerable<string> Preloads(IEnumerable<(string Name, string Value)> fields) =>
        fields.Where(f => f.Name == "link").SelectMany(f => LinkValue.Parse(f.Value)).Where(l => l.IsPreload).Select(l => l.Target);
}

/// <summary>One promise and what became of it.</summary>
/// <param name="Path">What was promised.</param>
/// <param name="Request">The header fields of the promised request.</param>
/// <param name="Status">Of its response; 0 when none came.</param>
/// <param name="Code">How its stream ended: 0, or an error code.</param>
/// <param name="Body">Its content as far as it came.</param>
public sealed record NodePush(string Path, IReadOnlyList<(string Name, string Value)> Request, int Status, int Code, string Body);
