using System.Globalization;
using System.Text.Json;

namespace PushProxy.Testing.Clients;

/// <summary>
/// Node's http2 client: one connection, over which a test asks for one thing after the other, and for some beside each other.
/// </summary>
public sealed class NodeConnection : IAsyncDisposable
{
    private readonly RunningTool _tool;
    private int _requests;

    private NodeConnection(RunningTool tool) => _tool = tool;

    /// <summary>Opens a connection.</summary>
    /// <param name="origin">Scheme, host and port.</param>
    /// <param name="push">Whether it takes pushes; if not, it says so in its settings.</param>
    /// <param name="from">The address of its own; null for the usual one.</param>
    public static NodeConnection Open(Uri origin, bool push = true, string? from = null)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return new NodeConnection(RunningTool.StartTalking(
            "node", Path.Combine(AppContext.BaseDirectory, "Clients", "node-connection.mjs"), origin.GetLeftPart(UriPartial.Authority), push
                ? "push"
                : "no-push", from ?? ""));
    }

    /// <summary>GETs a path and waits for the end of it and of all that is pushed with it.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="fields">Request header fields, each as <c>name: value</c>; those of one name go as fields of their own.</param>
    public Task<NodeAnswer> GetAsync(string path, params IEnumerable<string> fields) =>
        SendAsync(new NodeRequest(path) { Fields = [.. fields] });

    /// <summary>Sends a request and waits for the end of its response and of all that is pushed with it.</summary>
    public async Task<NodeAnswer> SendAsync(NodeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        await _tool.SayAsync(JsonSerializer.Serialize(new
        {
            id,
            method = request.Method,
            path = request.Path,
            headers = request.Fields.Select(f => f.Split(':', 2)).GroupBy(f => f[0].Trim(), f => f[1].Trim())
                .ToDictionary(g => g.Key, g => g.ToArray()),
            body = request.Body,
            reset = request.Resets.ToDictionary(r => r.Path, r => r.InBody ? "body" : "promise"),
        }));
        NodeAnswer? answer = null;
        await _tool.UntilAsync(() => (answer = Answer(id)) is not null, $"the end of {request.Method} {request.Path}");
        return answer!.Errors.Count == 0
            ? answer
            : throw new InvalidOperationException($"{request.Path}: {string.Join(", ", answer.Errors)}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tool.DisposeAsync();

    private NodeAnswer? Answer(string id)
    {
        foreach (var line in _tool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("id").GetString() == id)
            {
                return NodeAnswer.Of(document.RootElement);
            }
        }

        return null;
    }
}

/// <summary>What a <see cref="NodeConnection"/> is to ask for.</summary>
/// <param name="Path">Path and query.</param>
public sealed record NodeRequest(string Path)
{
    /// <summary>The method.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Header fields, each as <c>name: value</c>.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Content, as text.</summary>
    public string? Body { get; init; }

    /// <summary>Pushes that are reset: at the promise (REFUSED_STREAM), or at the first bytes of the content (CANCEL).</summary>
    public IReadOnlyList<(string Path, bool InBody)> Resets { get; init; } = [];
}
