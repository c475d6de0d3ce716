using System.Text.Json;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.AccessLog;

/// <summary>The program with an access log in a file, and what stands in it.</summary>
internal sealed class LoggedProxy : IAsyncDisposable
{
    private LoggedProxy(RunningProxy program, string file) => (Program, File) = (program, file);

    public RunningProxy Program { get; }

    public string File { get; }

    /// <summary>Starts it with a listener for HTTP/2, one for HTTP/1.1, and one for management.</summary>
    public static async Task<LoggedProxy> StartAsync(string origin, string file, params string[] arguments) => new(
        await RunningProxy.StartAsync(
            Pushproxy.Program,
            [
                "--origin", origin, "--listen", "https://127.0.0.1:0", "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=http://127.0.0.1:0",
                "--PushProxy:AccessLog:Format=json", $"--PushProxy:AccessLog:File={file}", .. arguments,
            ]),
        file);

    /// <summary>The address for HTTP/1.1 without TLS.</summary>
    public async Task<Uri> PlainAsync()
    {
        var line = await Program.Output.WaitForAsync("Listening on http:");
        return new Uri(line[(line.LastIndexOf(' ') + 1)..]);
    }

    public string[] Lines() => System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : [];

    /// <summary>Waits for as many lines of requests for a path, and returns the last one.</summary>
    public async Task<JsonElement> LineAsync(string path, int count = 1) => (await Eventually.AnswerAsync(
        () => Task.FromResult(Of(path)), found => found.Count >= count, $"{count} lines of {path}", TimeSpan.FromSeconds(30)))[^1];

    /// <summary>A counter that the program shows; 0 if it does not show it.</summary>
    public async Task<double> MetricAsync(string name, string label)
    {
        var text = await Program.Client.GetStringAsync(new Uri(Program.Management, "/metrics"), TestContext.Current.CancellationToken);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private List<JsonElement> Of(string path) => [.. Lines().Select(static l => JsonDocument.Parse(l).RootElement)
        .Where(l => l.GetProperty("url.path").GetString() == path)];
}
