namespace PushProxy.Tests.Architecture;

/// <summary>Who may see whom in <c>src/</c>, and what breaks that.</summary>
internal static class Layers
{
    /// <summary>The projects, each with those it may see.</summary>
    public static readonly Dictionary<string, string[]> Projects = new()
    {
        ["PushProxy.Http2"] = [],
        ["PushProxy.Analysis"] = [],
        ["PushProxy.Cache"] = [],
        ["PushProxy"] = ["PushProxy.Http2", "PushProxy.Analysis", "PushProxy.Cache"],
        ["PushProxy.Redis"] = ["PushProxy"],
        ["PushProxy.Server"] = ["PushProxy.Http2", "PushProxy.Analysis", "PushProxy.Cache", "PushProxy", "PushProxy.Redis"],
    };

    /// <summary>The folders of <c>src/PushProxy</c> from bottom to top. Those of one layer do not see each other.</summary>
    public static readonly string[][] Folders =
    [
        ["Configuration"],
        ["Model"],
        ["Diagnostics"],
        ["Proof"],
        ["Knowledge"],
        ["Client"],
        ["Delivery", "Learning"],
        ["Forwarding", "Inspection"],
    ];

    public static IEnumerable<string> UpwardProjects(SourceTree tree) =>
        tree.Rooms.Select(static r => r.Project).Distinct().Where(static p => !Projects.ContainsKey(p))
            .Select(static p => $"src/{p} is a new project: give it a place in {nameof(Layers)}.{nameof(Projects)}.")
            .Concat(tree.Uses
                .Where(static u => u.From.Project != u.To.Project)
                .Where(static u => Projects.TryGetValue(u.From.Project, out var below) && !below.Contains(u.To.Project))
                .Select(static u => $"{u} ({u.From.Project} must not know {u.To.Project})"));

    public static IEnumerable<string> UpwardFolders(SourceTree tree) =>
        tree.Rooms.Where(static r => IsLayered(r) && Height(r) < 0)
            .Select(static r => $"src/{r} is a new folder: give it a place in {nameof(Layers)}.{nameof(Folders)}.").Order()
            .Concat(tree.Uses
                .Where(static u => IsLayered(u.From) && IsLayered(u.To) && Height(u.From) >= 0 && Height(u.To) >= Height(u.From))
                .Select(static u => $"{u} ({u.To.Folder} is not below {u.From.Folder})"));

    /// <summary>For each folder that sees itself by way of others, the shortest such way.</summary>
    public static IEnumerable<string> Cycles(ILookup<string, string> graph) =>
        graph.Select(folder => WayBack(graph, folder.Key)).OfType<string[]>()
            .DistinctBy(static way => string.Join(' ', way.Distinct().Order()))
            .Select(static way => "Cycle: " + string.Join(" → ", way));

    private static string[]? WayBack(ILookup<string, string> graph, string start)
    {
        var seen = new HashSet<string>();
        var ways = new Queue<string[]>([[start]]);
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in graph[way[^1]])
            {
                if (next == start)
                {
                    return [.. way, next];
                }

                if (seen.Add(next))
                {
                    ways.Enqueue([.. way, next]);
                }
            }
        }

        return null;
    }

    private static bool IsLayered(Room room) => room is { Project: "PushProxy", Folder.Length: > 0 };

    private static int Height(Room room) => Array.FindIndex(Folders, layer => layer.Contains(room.Folder));
}
