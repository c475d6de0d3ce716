using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>docker-compose.yml as docker-compose understands it.</summary>
internal static class Compose
{
    private static readonly Lazy<Task<ToolResult>> Once = new(static () => ConfigAsync());

    public static Task<ToolResult> ConfigAsync(params string[] arguments) => ExternalTool.RunAsync(
        "docker-compose", ["-f", Repository.File("docker-compose.yml"), "config", .. arguments], workingDirectory: Repository.Folder);

    /// <summary>The lines below a path of keys (<c>services/pushproxy/ports</c>), without their indentation.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(string path)
    {
        IEnumerable<string> lines = (await Once.Value).Output.Split('\n');
        foreach (var key in path.Split('/'))
        {
            // Two spaces a level, lists not indented: the one form in which docker-compose prints.
            lines = lines.SkipWhile(line => line != $"{key}:").Skip(1)
                .TakeWhile(static line => line.Length > 0 && (line[0] is ' ' or '-'))
                .Select(static line => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line)
                .ToList();
        }

        return [.. lines];
    }

    /// <summary>The items of a list below a path of keys.</summary>
    public static async Task<IReadOnlyList<string>> ItemsAsync(string path) =>
        [.. (await LinesAsync(path)).Select(static line => (line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line).Trim('\'', '"'))];

    /// <summary>All services by name, with the profile that they belong to; null: they always start.</summary>
    public static async Task<IReadOnlyList<(string Name, string? Profile)>> ServicesAsync()
    {
        var names = (await ConfigAsync("--services")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        var services = new List<(string, string?)>();
        foreach (var name in names)
        {
            services.Add((name, (await ItemsAsync($"services/{name}/profiles")).SingleOrDefault()));
        }

        return services;
    }

    public static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string service) =>
        (await LinesAsync($"services/{service}/environment")).Select(static line => line.Split(": ", 2)).ToDictionary(static p => p[0], static p => p[1].Trim('\'', '"'));
}
