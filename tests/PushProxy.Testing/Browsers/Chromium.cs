using System.Diagnostics;

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

    /// <summary>What it says it is: <c>HeadlessChrome/103.0.5060.53</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Starts it.</summary>
    /// <param name="program"><see cref="LoggedBrowser.Current"/> or <see cref="LoggedBrowser.Old"/>.</param>
    /// <param name="profile">The folder of its profile; made if need be.</param>
    /// <param name="spkiHash">The public key it is to trust (<see cref="TestCertificate.SpkiHash"/>).</param>
    /// <param name="place">Where it runs; null: here.</param>
    public static async Task<Chromium> StartAsync(string program, string profile, string spkiHash, BrowserPlace? place = null)
    {
        Directory.CreateDirectory(profile);
        var netLog = Path.Combine(profile, $"net-{Guid.NewGuid():N}.json");
        string[] command =
        [
            .. place?.Prefix ?? [],
            // The pipe's ends are descriptors 3 and 4. A shell makes them of the only ones a process can be started with here.
            "sh", "-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh",
            program, "--remote-debugging-pipe",
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--disable-quic", $"--user-data-dir={profile}",
            $"--log-net-log={netLog}",
            $"--ignore-certificate-errors-spki-list={spkiHash}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost"
                + $"{(place is null ? "" : $", EXCLUDE {place.Host}")}",
            .. place?.Arguments ?? [], "about:blank",
        ];
        var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        ChildProcesses.KillAtExit(process);
        var tools = new DevTools(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        try
        {
            // The first that is answered tells that it has started.
            var version = await tools.SendAsync("Browser.getVersion");
            return new Chromium(process, tools, netLog) { Version = version.GetProperty("product").GetString()! };
        }
        catch (Exception e)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} did not start: {e.Message}", e);
        }
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
        var attached = await _tools.SendAsync(
            "Target.attachToTarget", new { targetId = made.GetProperty("targetId").GetString(), flatten = true });
        return await ChromiumTab.AttachAsync(_tools, attached.GetProperty("sessionId").GetString()!);
    }
}

/// <summary>Where a browser runs, if not where it is started.</summary>
/// <param name="Prefix">Stands before its command, as <c>nsenter</c> does.</param>
/// <param name="Host">The address there whose sites it visits.</param>
/// <param name="Arguments">What else it is told.</param>
public sealed record BrowserPlace(IReadOnlyList<string> Prefix, string Host, IReadOnlyList<string> Arguments);
