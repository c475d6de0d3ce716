using System.Text.Json;
using PushProxy.Testing;

namespace PushProxy.EndToEnd.Early;

/// <summary>Node's http2 client as it views a page over one connection and takes pushes.</summary>
internal sealed class NodeViews : IAsyncDisposable
{
    private readonly RunningTool _tool;

    private NodeViews(RunningTool tool) => _tool = tool;

    /// <summary>What has happened so far.</summary>
    public IReadOnlyList<NodeEvent> Events =>
        [
            .. _tool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => new NodeEvent(JsonDocument.Parse(line).RootElement)),
        ];

    /// <summary>Begins.</summary>
    /// <param name="page">The page.</param>
    /// <param name="views">How often it is viewed.</param>
    /// <param name="cancelled">The path of a push that is reset at its first bytes.</param>
    public static NodeViews Start(Uri page, int views = 1, string cancelled = "") => new(RunningTool.Start(
        "node",
        Path.Combine(AppContext.BaseDirectory, "Early", "node-view.mjs"),
        page.GetLeftPart(UriPartial.Authority),
        page.PathAndQuery,
        views.ToString(System.Globalization.CultureInfo.InvariantCulture),
        cancelled));

    /// <summary>Waits for something to happen.</summary>
    public Task UntilAsync(Func<NodeEvent, bool> happened, string what) => _tool.UntilAsync(() => Events.Any(happened), what);

    /// <summary>Waits for the end of all views.</summary>
    public async Task<IReadOnlyList<NodeEvent>> EndAsync()
    {
        var end = await _tool.EndAsync();
        return end.ExitCode == 0 ? Events : throw new InvalidOperationException($"node failed: {end.Error}\n{end.Output}");
    }

    public ValueTask DisposeAsync() => _tool.DisposeAsync();
}

/// <summary>A line that node-view.mjs has printed.</summary>
internal readonly record struct NodeEvent(JsonElement Line)
{
    public string Name => Line.GetProperty("event").GetString()!;

    public string? Path => Line.TryGetProperty("path", out var path) ? path.GetString() : null;

    public int Number(string name) => Line.TryGetProperty(name, out var value) ? value.GetInt32() : -1;

    public string Text(string name) => Line.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
