using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>WebDriver BiDi over a WebSocket, without events.</summary>
internal sealed class BiDi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private Task _receiving = Task.CompletedTask;
    private int _count;

    private BiDi()
    {
    }

    public static async Task<BiDi> ConnectAsync(Uri url)
    {
        var connection = new BiDi();
        await connection._socket.ConnectAsync(url, CancellationToken.None).WaitAsync(Patience);
        connection._receiving = connection.ReceiveAsync();
        return connection;
    }

    /// <summary>Sends a command and returns its result.</summary>
    /// <exception cref="InvalidOperationException">The browser refuses it, or has ended.</exception>
    public async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var id = Interlocked.Increment(ref _count);
        var done = _pending[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true,
                CancellationToken.None);
        }
        catch (WebSocketException e)
        {
            throw new InvalidOperationException($"{method}: the browser has ended.", e);
        }
        finally
        {
            _sending.Release();
        }

        if (_receiving.IsCompleted)
        {
            done.TrySetException(Ended());
        }

        var answer = await done.Task.WaitAsync(Patience);
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"{method}: {error}: {answer.GetProperty("message")}")
            : answer.GetProperty("result");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
    }

    private static InvalidOperationException Ended() => new("The browser has ended.");

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } piece)
            {
                message.Write(buffer.AsSpan(0, piece.Count));
                if (piece.EndOfMessage)
                {
                    var whole = JsonDocument.Parse(message.ToArray()).RootElement;
                    message.SetLength(0);
                    if (whole.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number
                        && _pending.TryRemove(id.GetInt32(), out var done))
                    {
                        done.TrySetResult(whole);
                    }
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has ended, or is no longer wanted.
        }

        foreach (var pending in _pending.Values)
        {
            pending.TrySetException(Ended());
        }
    }
}
