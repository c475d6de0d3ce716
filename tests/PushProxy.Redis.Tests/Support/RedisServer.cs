using PushProxy.Testing;
using StackExchange.Redis;
using Xunit;

namespace PushProxy.Redis.Tests.Support;

/// <summary>A real <c>redis-server</c> for one test, that keeps nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-redis-");
    private readonly string[] _arguments;
    private RunningTool? _process;
    private ConnectionMultiplexer? _admin;

    private RedisServer(int port, string[] arguments) => (Port, _arguments) = (port, arguments);

    public int Port { get; }

    /// <summary>What connects to it without TLS and password.</summary>
    public string Connection => $"127.0.0.1:{Port}";

    /// <summary>Starts one on a free port.</summary>
    /// <param name="arguments">Further arguments. With <c>--tls-port PORT</c>, that one is <see cref="Port"/>.</param>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(Ports.Free(), arguments);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same port. It knows nothing of before.</summary>
    public async Task StartAgainAsync()
    {
        string[] port = _arguments.Contains("--tls-port") ? ["--port", "0"] : ["--port", $"{Port}"];
        _process = RunningTool.Start(
            "redis-server",
            [
                .. port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName,
                .. _arguments.Select(a => a == "PORT" ? $"{Port}" : a),
            ]);
        var process = _process;
        await process.UntilAsync(
            () => process.Output.Contains("Ready to accept connections", StringComparison.Ordinal), "that it is ready");
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    public void Halt() => Assert.True(Signals.Halt(_process!.ProcessId));

    public void GoOn() => Assert.True(Signals.GoOn(_process!.ProcessId));

    /// <summary>Sends it a command, by another connection than those of the product.</summary>
    public async Task<RedisResult> SayAsync(string command, params object[] arguments)
    {
        _admin ??= await ConnectionMultiplexer.ConnectAsync($"{Connection},abortConnect=false,allowAdmin=true");
        return await _admin.GetDatabase().ExecuteAsync(command, arguments);
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
