using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PushProxy.Testing.Proxies;

/// <summary>The program itself, as a user starts it: <c>dotnet pushproxy.dll run …</c> in a process of its own.</summary>
public sealed class PushProxyProcess : IProxy
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _log = new();
    private readonly List<Uri> _listeners = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PushProxyProcess(IReadOnlyList<string> arguments)
    {
        _folder = Directory.CreateTempSubdirectory("pushproxy-run-");
        var start = new ProcessStartInfo("dotnet", [ProgramFile, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["HOME"] = _folder.FullName;
        start.Environment["XDG_DATA_HOME"] = Path.Combine(_folder.FullName, "data");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("pushproxy ended before it was ready."));
        _process.Start();
        ChildProcesses.KillAtExit(_process);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program that the build put beside the tests.</summary>
    public static string ProgramFile => Path.Combine(AppContext.BaseDirectory, "pushproxy.dll");

    /// <inheritdoc/>
    public Uri Cleartext => Listener("http");

    /// <inheritdoc/>
    public Uri Secure => Listener("https");

    /// <summary>Its process, by number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Where health checks are answered.</summary>
    public Uri Management { get; private set; } = null!;

    /// <summary>The demo site behind it, when no origin was named.</summary>
    public Uri DemoSite => AddressAfter(LinesWith("this is the demo").Single().Split(" at ")[^1], "")!;

    /// <inheritdoc/>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentMemory => ReadStatus("VmRSS");

    /// <summary>The most resident memory there has been, in bytes.</summary>
    public long PeakResidentMemory => ReadStatus("VmHWM");

    /// <summary>Makes <see cref="PeakResidentMemory"/> start again from what is resident now (proc(5), clear_refs).</summary>
    public void ResetPeakMemory() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>A counter or gauge that the management listener shows, added up over the series that have all these labels.</summary>
    /// <param name="name">As Prometheus has it: <c>pushproxy_pushes_total</c>.</param>
    /// <param name="labels">Each as <c>name="value"</c>.</param>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(Management, "/metrics"));
        return text.Split('\n')
            .Where(
                l => l.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => l.Contains(label, StringComparison.Ordinal)))
            .Sum(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The lines printed so far that contain <paramref name="text"/>.</summary>
    public IEnumerable<string> LinesWith(string text) => Log.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>
    /// Starts <c>pushproxy run</c> with a certificate, one TLS and one cleartext listener on ports the system chooses. Unless
    /// <paramref name="arguments"/> say what it stores, it stores and encodes nothing: most tests are about what the origin is asked and answers.
    /// Unless they say otherwise, it holds nobody out.
    /// </summary>
    /// <param name="certificateFile">PEM; null to let the program make its own.</param>
    /// <param name="keyFile">PEM.</param>
    /// <param name="arguments">What else to say: <c>--origin URL</c>, <c>--config FILE</c>, <c>--PushProxy:Key=value</c>.</param>
    public static async Task<PushProxyProcess> StartAsync(string? certificateFile, string? keyFile, params string[] arguments)
    {
        List<string> all =
        [
            "run", "--listen", "https://127.0.0.1:0", "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=http://127.0.0.1:0",
        ];
        if (certificateFile is not null && keyFile is not null)
        {
            all.AddRange(["--cert", certificateFile, "--key", keyFile]);
        }

        if (!arguments.Any(static a => a.StartsWith("--PushProxy:Defaults:Cache=", StringComparison.Ordinal)))
        {
            all.AddRange(["--PushProxy:Defaults:Cache=off", "--PushProxy:Defaults:Compression=false"]);
        }

        // Some tests have visitors of several addresses, and a few of those would be held out.
        if (!arguments.Any(static a => a.Contains(":HoldOut=", StringComparison.Ordinal)))
        {
            all.Add("--PushProxy:Defaults:HoldOut=0");
        }

        all.AddRange(arguments);
        var process = new PushProxyProcess(all);
        try
        {
            await process._ready.Task.WaitAsync(StartPatience);
        }
        catch (Exception e)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException(
                $"'pushproxy {string.Join(' ', all)}' did not get ready: {e.Message} It printed:\n{process.Log}", e);
        }

        return process;
    }

    /// <summary>
    /// Starts <c>pushproxy run</c> with a test certificate. Names of tests look public, and what comes by http is not to be redirected unless
    /// <paramref name="arguments"/> say so.
    /// </summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="arguments">As above.</param>
    public static Task<PushProxyProcess> StartAsync(TestCertificate certificate, params string[] arguments) =>
        StartAsync(certificate.CertificateFile, certificate.KeyFile, ["--PushProxy:RedirectToHttps=false", .. arguments]);

    /// <summary>Runs another verb (<c>inspect</c>, <c>cert</c>, <c>validate</c>) to its end.</summary>
    public static Task<ToolResult> RunToEndAsync(params string[] arguments) =>
        ExternalTool.RunAsync("dotnet", [ProgramFile, .. arguments], TimeSpan.FromSeconds(120));

    /// <summary>Asks it to stop (SIGTERM) and waits.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Signals.Terminate(_process.Id);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it has printed a line that contains <paramref name="text"/>.</summary>
    public Task UntilPrintedAsync(string text) =>
        Eventually.TrueAsync(() => LinesWith(text).Any(), () => $"pushproxy never printed '{text}'. It printed:\n{Log}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private Uri Listener(string scheme) => _listeners.First(l => l.Scheme == scheme);

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
            if (AddressAfter(line, "Listening on ") is { } listener)
            {
                _listeners.Add(listener);
            }
            else if (AddressAfter(line, "Management on ") is { } management)
            {
                // Printed last, once all are open.
                Management = management;
                _ready.TrySetResult();
            }
        }
    }

    private static Uri? AddressAfter(string line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal) ? new Uri(line[start.Length..].Trim().Split(' ')[0]) : null;

    private long ReadStatus(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
