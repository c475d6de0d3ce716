using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using PushProxy.Load.Views;
using PushProxy.Testing;

namespace PushProxy.Load.Soak.Watching;

/// <summary>A proxy under load, in a process of its own, and what can be seen of it from outside and from inside.</summary>
internal sealed class WatchedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Dictionary<string, TaskCompletionSource<Uri>> _addresses = new()
    {
        ["Listening on "] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ["Management on "] = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    private InsideView _inside = null!;

    private WatchedProcess(ProxyProgram program, ProcessStartInfo start)
    {
        Log = new ProcessLog(program.LogCopy);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => Log.Add(line.Data);
        _process.Start();
        ChildProcesses.KillAtExit(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Where it serves.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Where it tells its metrics; null when it has no such place.</summary>
    public Uri? Management { get; private set; }

    /// <summary>Whether it is still there.</summary>
    public bool Lives => !_process.HasExited;

    /// <summary>Standard error.</summary>
    public ProcessLog Log { get; }

    /// <summary>Resident memory, in bytes.</summary>
    public long ResidentMemory => 1024 * StatusOf("VmRSS:");

    /// <summary>Threads, of the pool and all others.</summary>
    public int Threads => (int)StatusOf("Threads:");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="folder">Where it works, and where its socket for questions goes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<WatchedProcess> StartAsync(ProxyProgram program, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, program.Name.Replace(' ', '-') + ".socket");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Program(program.Assembly), .. program.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = ServerProcess.Program("PushProxy.Load");
        start.Environment[StartupHook.SocketVariable] = path;
        start.Environment["XDG_DATA_HOME"] = folder;

        // It is ended by force, and would leave its debug pipes behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = new WatchedProcess(program, start);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(StartPatience);
            process._process.Exited += (_, _) => process.GiveUp();
            process._inside = await InsideView.AcceptAsync(listener, patience.Token);
            process.Url = await process._addresses["Listening on "].Task.WaitAsync(patience.Token);
            process.Management = program.HasManagement ? await process._addresses["Management on "].Task.WaitAsync(patience.Token) : null;
            return process;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException(
                $"{program.Name} did not get ready: {e.Message} It printed:\n{string.Join('\n', process.Log.Last)}", e);
        }
    }

    /// <summary>What it says of itself.</summary>
    public Task<InsideReading> AskAsync(bool collect, CancellationToken cancellation) => _inside.ReadAsync(collect, cancellation);

    /// <summary>What it has open.</summary>
    public Descriptors OpenDescriptors(int originPort) => Descriptors.Of(Id, [Url.Port], originPort);

    /// <summary>Its counters, by name and what they tell apart.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(CancellationToken cancellation) =>
        (await ProxyCounters.ReadAsync(new Uri(Management!, "/metrics"), cancellation))
            .ToDictionary(static c => $"{c.Key.Name} {c.Key.Label}", static c => c.Value);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _inside?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private long StatusOf(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(
            line[field.Length..].Split(' ', '\t').First(static w => w.Length > 0 && char.IsAsciiDigit(w[0])), CultureInfo.InvariantCulture);
    }

    private void GiveUp()
    {
        foreach (var address in _addresses.Values)
        {
            address.TrySetException(new InvalidOperationException("It has ended."));
        }
    }

    private void OnLine(string? line)
    {
        foreach (var (start, address) in _addresses)
        {
            if (line?.StartsWith(start, StringComparison.Ordinal) == true)
            {
                address.TrySetResult(new Uri(line[start.Length..].Split(' ')[0].Trim()));
            }
        }
    }
}

/// <summary>A proxy to be started.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Assembly">The program, built beside this one.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ProxyProgram(string Name, string Assembly, params IReadOnlyList<string> Arguments)
{
    /// <summary>Whether it also says where its management is.</summary>
    public bool HasManagement { get; init; }

    /// <summary>Where its log goes, too; null: nowhere.</summary>
    public TextWriter? LogCopy { get; init; }
}
