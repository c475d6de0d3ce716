using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>Loads one page in a Chromium of some age and reads from its net log what happened on the wire.</summary>
public static class LoggedBrowser
{
    /// <summary>The system's Chromium.</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message names the script that installs it.</exception>
    public static string Current => ExternalTool.Require("chromium");

    /// <summary>Chromium 103: takes HTTP/2 push and 103 Early Hints.</summary>
    /// <exception cref="InvalidOperationException">It has not been unpacked; the message names the script that does it.</exception>
    public static string Old
    {
        get
        {
            var clients = Environment.GetEnvironmentVariable("PUSHPROXY_CLIENTS")
                ?? Path.Combine(Repository.Folder, "artifacts", "clients");
            var path = Path.Combine(clients, "chromium103", "chromium");
            return File.Exists(path)
                ? path
                : throw new InvalidOperationException(
                    $"{path} is missing. Run tests/run.sh, which unpacks it (or tests/PushProxy.Http2.Tests/Clients/get-chromium.sh).");
        }
    }

    /// <summary>Loads a page with an empty cache.</summary>
    /// <param name="browser"><see cref="Current"/> or <see cref="Old"/>.</param>
    /// <param name="url">On 127.0.0.1, under that address or any name that ends in .test; others are not resolved.</param>
    /// <param name="spkiHash">The public key it is to trust (<see cref="TestCertificate.SpkiHash"/>).</param>
    public static async Task<LoggedVisit> LoadAsync(string browser, Uri url, string spkiHash)
    {
        ArgumentNullException.ThrowIfNull(url);
        var folder = Directory.CreateTempSubdirectory("push-browser-");
        try
        {
            var log = Path.Combine(folder.FullName, "net.json");
            var result = await ExternalTool.RunAsync(
                browser,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", $"--user-data-dir={folder.FullName}",
                    $"--log-net-log={log}",
                    $"--ignore-certificate-errors-spki-list={spkiHash}",
                    "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                    "--timeout=20000", "--dump-dom", url.AbsoluteUri,
                ]);
            return result.ExitCode == 0
                ? new LoggedVisit(result.Output, Events(await File.ReadAllTextAsync(log)))
                : throw new InvalidOperationException($"{browser} ended with {result.ExitCode}: {result.Error}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A browser that ends does not always write the end of its log: it may be missing after an event, or amid one. An event is a line.
    internal static ILookup<string, JsonElement> Events(string log)
    {
        var text = log.TrimEnd();
        using var document = TryParse(text) ?? TryParse(text.TrimEnd(',') + "]}")
            ?? JsonDocument.Parse(text[..(text.LastIndexOf("},\n", StringComparison.Ordinal) + 1)] + "]}");
        var names = document.RootElement.GetProperty("constants").GetProperty("logEventTypes").EnumerateObject()
            .ToDictionary(p => p.Value.GetInt32(), p => p.Name);
        return document.RootElement.GetProperty("events").EnumerateArray()
            .ToLookup(e => names[e.GetProperty("type").GetInt32()], e => e.Clone());
    }

    private static JsonDocument? TryParse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What loading a page came to.</summary>
/// <param name="Dom">The page's DOM once it had loaded.</param>
/// <param name="Events">The events of the net log by name.</param>
public sealed record LoggedVisit(string Dom, ILookup<string, JsonElement> Events)
{
    /// <summary>The paths the browser has asked for over HTTP/2, in order.</summary>
    public IReadOnlyList<string> Asked => [.. Events["HTTP2_SESSION_SEND_HEADERS"].Select(e => Path(e, "headers")).OfType<string>()];

    /// <summary>The paths it was promised, in order.</summary>
    public IReadOnlyList<string> Promised =>
        [.. Events["HTTP2_SESSION_RECV_PUSH_PROMISE"].Select(e => Path(e, "headers")).OfType<string>()];

    /// <summary>The paths it got a 103 for, in order.</summary>
    public IReadOnlyList<string> Informed
    {
        get
        {
            var paths = Events["HTTP2_SESSION_SEND_HEADERS"].ToDictionary(Stream, e => Path(e, "headers") ?? "");
            return
            [
                .. Events["HTTP2_SESSION_RECV_HEADERS"].Where(e => Fields(e, "headers").Contains(":status: 103"))
                    .Select(e => paths[Stream(e)]),
            ];
        }
    }

    /// <summary>How many promised responses it used.</summary>
    public int Adopted => Events["HTTP2_STREAM_ADOPTED_PUSH_STREAM"].Count();

    private static string? Path(JsonElement e, string name) =>
        Fields(e, name).FirstOrDefault(h => h.StartsWith(":path: ", StringComparison.Ordinal))?[7..];

    private static IEnumerable<string> Fields(JsonElement e, string name) =>
        e.TryGetProperty("params", out var parameters) && parameters.TryGetProperty(name, out var headers)
            ? headers.EnumerateArray().Select(h => h.GetString()!)
            : [];

    // A browser may have several connections; each numbers its streams.
    private static (int Connection, int Stream) Stream(JsonElement e) =>
        (e.GetProperty("source").GetProperty("id").GetInt32(), e.GetProperty("params").GetProperty("stream_id").GetInt32());
}
