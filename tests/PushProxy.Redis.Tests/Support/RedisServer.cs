using PushProxy.Testing.Stores;
using StackExchange.Redis;

namespace PushProxy.Redis.Tests.Support;

/// <summary>A real <c>redis-server</c> for one test, and another connection to it than those of the product.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisProcess _process;
    private ConnectionMultiplexer? _admin;

    private RedisServer(RedisProcess process) => _process = process;

    public int Port => _process.Port;

    /// <summary>What connects to it without TLS and password.</summary>
    public string Connection => _process.Connection;

    /// <inheritdoc cref="RedisProcess.StartAsync"/>
    public static async Task<RedisServer> StartAsync(params string[] arguments) => new(await RedisProcess.StartAsync(arguments));

    /// <inheritdoc cref="RedisProcess.StartAgainAsync"/>
    public Task StartAgainAsync() => _process.StartAgainAsync();

    /// <inheritdoc cref="RedisProcess.KillAsync"/>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc cref="RedisProcess.Halt"/>
    public void Halt() => _process.Halt();

    /// <inheritdoc cref="RedisProcess.GoOn"/>
    public void GoOn() => _process.GoOn();

    /// <summary>Sends it a command.</summary>
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

        await _process.DisposeAsync();
    }
}
