using System.Net.Sockets;
using System.Text.Json;

namespace PushProxy.Load.Soak.Watching;

/// <summary>Asks the <see cref="StartupHook"/> in another process.</summary>
internal sealed class InsideView : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private InsideView(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket);
        (_reader, _writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true });
    }

    /// <summary>Waits for the process to call.</summary>
    public static async Task<InsideView> AcceptAsync(Socket listener, CancellationToken cancellation) =>
        new(await listener.AcceptAsync(cancellation));

    /// <summary>What is so now.</summary>
    /// <param name="collect">Collect all garbage first: the heap is then what lives.</param>
    public async Task<InsideReading> ReadAsync(bool collect, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await _writer.WriteLineAsync(collect ? "collect" : "read");
            var line = await _reader.ReadLineAsync(cancellation) ?? throw new IOException("The watched process has ended.");
            return JsonSerializer.Deserialize<InsideReading>(line, Json)!;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
        _turn.Dispose();
    }
}

/// <summary>What a watched process says of itself.</summary>
/// <param name="Heap">Bytes of the managed heap.</param>
/// <param name="Collections">Full collections so far.</param>
/// <param name="PoolThreads">Threads of the pool.</param>
/// <param name="Gauges">Open connections (of Kestrel by port), handshakes and requests.</param>
/// <param name="Unobserved">Exceptions of tasks that nobody looked at.</param>
internal sealed record InsideReading(
    long Heap, int Collections, int PoolThreads, IReadOnlyDictionary<string, long> Gauges, IReadOnlyList<string> Unobserved)
{
    /// <summary>A gauge; 0 when it never moved.</summary>
    public long Gauge(string name) => Gauges.GetValueOrDefault(name);
}
