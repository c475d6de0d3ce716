using System.Text.Json;
using PushProxy.Http2.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>Loads one page in Chromium and reads from its net log what happened on the wire.</summary>
internal static class Browser
{
    /// <summary>The system's Chromium.</summary>
    public static string Current => ExternalTool.Require("chromium");

    /// <summary>Chromium 103: takes HTTP/2 push and 103 Early Hints.</summary>
    /// <exception cref="InvalidOperationException">It has not been unpacked; the message names the script that does it.</exception>
    public static string Old
    {
        get
        {
            var clients = Environment.GetEnvironmentVariable("PUSHPROXY_CLIENTS") ?? Path.Combine(Root(), "artifacts", "clients");
            var path = Path.Combine(clients, "chromium103", "chromium");
            return File.Exists(path)
                ? path
                : throw new InvalidOperationException($"{path} is missing. Run tests/run.sh, which unpacks it (or tests/PushProxy.Http2.Tests/Clients/get-chromium.sh).");
        }
    }

    /// <summary>The page's DOM once it has loaded, and the events of the net log by name.</summary>
    public static async Task<(string Dom, ILookup<string, JsonElement> Events)> LoadAsync(string browser, int port, string path)
    {
        var folder = Directory.CreateTempSubdirectory("push-browser");
        try
        {
            var log = Path.Combine(folder.FullName, "net.json");
            var result = await ExternalTool.RunAsync(
                browser,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-extensions", $"--user-data-dir={folder.FullName}", $"--log-net-log={log}",
                    $"--ignore-certificate-errors-spki-list={ServerCertificate.SpkiHash}", "--host-resolver-rules=MAP push.test 127.0.0.1",
                    "--timeout=20000", "--dump-dom", $"https://push.test:{port}{path}",
                ]);
            Assert.True(result.ExitCode == 0, result.Error);
            var text = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
            using var document = JsonDocument.Parse(text.TrimEnd().EndsWith('}') ? text : text.TrimEnd().TrimEnd(',') + "]}");
            var names = document.RootElement.GetProperty("constants").GetProperty("logEventTypes").EnumerateObject().ToDictionary(p => p.Value.GetInt32(), p => p.Name);
            var events = document.RootElement.GetProperty("events").EnumerateArray()
                .ToLookup(e => names[e.GetProperty("type").GetInt32()], e => e.Clone());
            return (result.Output, events);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PushProxy.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run from within the repository; set PUSHPROXY_CLIENTS.");
    }
}
