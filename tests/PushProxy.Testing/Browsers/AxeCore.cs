namespace PushProxy.Testing.Browsers;

/// <summary>axe-core: finds mistakes in a page that keep people from using it.</summary>
public static class AxeCore
{
    private const string Version = "4.14.1";

    /// <summary>
    /// An expression that begins to look through the page that it is run in. When it has ended, <see cref="Result"/> is a string.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has not been unpacked; the message names the script that does it.</exception>
    public static string Begin => $$"""
        (() => {
          {{Source()}}
          window.axeFound = null;
          axe.run(document).then(
            r => window.axeFound = r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html + ' ' + n.failureSummary)).join('\n'),
            e => window.axeFound = 'axe failed: ' + e);
          return '';
        })()
        """;

    /// <summary>An expression: what was found, one line each, empty if nothing was; <c>wait</c> until it is known.</summary>
    public static string Result => "window.axeFound ?? 'wait'";

    private static string Source()
    {
        var clients = Environment.GetEnvironmentVariable("PUSHPROXY_CLIENTS") ?? Path.Combine(Repository.Folder, "artifacts", "clients");
        var path = Path.Combine(clients, $"axe-core-{Version}", "axe.min.js");
        return File.Exists(path) ? File.ReadAllText(path) : throw new InvalidOperationException(
            $"{path} is missing. Run tests/run.sh, which unpacks it (or tests/PushProxy.EndToEnd/Dashboard/get-axe.sh).");
    }
}
