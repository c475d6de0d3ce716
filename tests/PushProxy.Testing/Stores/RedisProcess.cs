namespace PushProxy.Testing.Stores;

/// <summary>A real <c>redis-server</c> that keeps nothing on disk.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-redis-");
    private readonly string[] _arguments;
    private RunningTool? _process;

    private readonly string _address;
    private readonly IReadOnlyList<string> _prefix;

    private RedisProcess(string address, IReadOnlyList<string> prefix, string[] arguments) =>
        (Port, _address, _prefix, _arguments) = (Ports.Free(), address, prefix, arguments);

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>What connects to it.</summary>
    public string Connection => $"{_address}:{Port}";

    /// <summary>Starts one on a free port.</summary>
    /// <param name="arguments">Further arguments. With <c>--tls-port PORT</c>, that one is <see cref="Port"/>.</param>
    public static Task<RedisProcess> StartAsync(params string[] arguments) => StartAtAsync("127.0.0.1", [], arguments);

    /// <summary>Starts one at an address of another network.</summary>
    /// <param name="address">The address.</param>
    /// <param name="prefix">What stands before a command that is to run there. It must become that command, and not start it.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task<RedisProcess> StartAtAsync(string address, IReadOnlyList<string> prefix, params string[] arguments)
    {
        var server = new RedisProcess(address, prefix, arguments);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same port. It knows nothing of before.</summary>
    public async Task StartAgainAsync()
    {
        string[] port = _arguments.Contains("--tls-port") ? ["--port", "0"] : ["--port", $"{Port}"];
        string[] command =
        [
            .. _prefix, "redis-server", .. port, "--bind", _address, "--protected-mode", "no", "--save", "", "--appendonly", "no",
            "--dir", _folder.FullName, .. _arguments.Select(a => a == "PORT" ? $"{Port}" : a),
        ];
        _process = RunningTool.Start(command[0], command[1..]);
        var process = _process;
        await process.UntilAsync(() => process.Output.Contains("Ready to accept connections", StringComparison.Ordinal), "that it is ready");
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>Stops it from answering (SIGSTOP).</summary>
    public void Halt() => Check(Signals.Halt(_process!.ProcessId));

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void GoOn() => Check(Signals.GoOn(_process!.ProcessId));

    /// <summary>Sends it a command, by its own client.</summary>
    public async Task<string> SayAsync(params string[] command) =>
        (await ExternalTool.RunAsync("redis-cli", ["-h", _address, "-p", $"{Port}", .. command])).Output.Trim();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    private static void Check(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException("The signal could not be sent.");
        }
    }
}
