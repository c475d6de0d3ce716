using System.Diagnostics;
using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>
/// A Chromium of any age, with a profile that may outlive it, and as many tabs as one likes. Playwright drives the current one only.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DevTools _tools;
    private readonly string _netLog;

    private Chromium(Process process, DevTools tools, string netLog) => (_process, _tools, _netLog) = (process, tools, netLog);

    /// <summary>Starts it.</summary>
    /// <param name="program"><see cref="LoggedBrowser.Current"/> or <see cref="LoggedBrowser.Old"/>.</param>
    /// <param name="profile">The folder of its profile; made if need be.</param>
    /// <param name="spkiHash">The public key it is to trust (<see cref="TestCertificate.SpkiHash"/>).</param>
    public static async Task<Chromium> StartAsync(string program, string profile, string spkiHash)
    {
        Directory.CreateDirectory(profile);
        var (active, netLog) = (Path.Combine(profile, "DevToolsActivePort"), Path.Combine(profile, $"net-{Guid.NewGuid():N}.json"));
        File.Delete(active);
        var start = new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--disable-quic", $"--user-data-dir={profile}", $"--log-net-log={netLog}",
            $"--ignore-certificate-errors-spki-list={spkiHash}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--remote-debugging-port=0", "about:blank",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Port and path, on two lines, written when it listens.
        string[] lines = [];
        await Eventually.TrueAsync(
            async () => File.Exists(active) && (lines = await File.ReadAllLinesAsync(active)).Length > 1, () => $"{program} never listened for DevTools.");
        return new Chromium(process, await DevTools.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}")), netLog);
    }

    /// <summary>Opens a tab in the profile's window.</summary>
    public Task<ChromiumTab> OpenTabAsync() => OpenTabAsync(new { url = "about:blank" });

    /// <summary>Opens a window that shares nothing with others and leaves nothing behind.</summary>
    public async Task<ChromiumTab> OpenPrivateWindowAsync()
    {
        var context = await _tools.SendAsync("Target.createBrowserContext");
        return await OpenTabAsync(new { url = "about:blank", browserContextId = context.GetProperty("browserContextId").GetString() });
    }

    /// <summary>Ends it as a user does, so that its cache reaches the disk.</summary>
    /// <returns>What happened on the wire.</returns>
    public async Task<LoggedVisit> CloseAsync()
    {
        await _tools.SendAsync("Browser.close");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new LoggedVisit("", LoggedBrowser.Events(await File.ReadAllTextAsync(_netLog)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _tools.DisposeAsync();
        _process.Dispose();
    }

    private async Task<ChromiumTab> OpenTabAsync(object target)
    {
        var made = await _tools.SendAsync("Target.createTarget", target);
        var attached = await _tools.SendAsync("Target.attachToTarget", new { targetId = made.GetProperty("targetId").GetString(), flatten = true });
        return await ChromiumTab.AttachAsync(_tools, attached.GetProperty("sessionId").GetString()!);
    }
}
