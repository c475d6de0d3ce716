using System.Collections.Concurrent;
using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>
/// The Chrome DevTools Protocol, as far as Chromium 103 and current ones speak the same, over a pipe: it takes no network, and so works
/// whatever network the browser is in. Each message ends with a zero octet.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Stream _commands;
    private readonly Stream _messages;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly ConcurrentDictionary<string, Action<string, JsonElement>> _listeners = new();
    private readonly Task _receiving;
    private int _count;

    /// <param name="commands">What the browser reads.</param>
    /// <param name="messages">What it writes.</param>
    public DevTools(Stream commands, Stream messages)
    {
        (_commands, _messages) = (commands, messages);
        _receiving = ReceiveAsync();
    }

    /// <summary>Has the events of a session told.</summary>
    public void Listen(string session, Action<string, JsonElement> listener) => _listeners[session] = listener;

    /// <summary>Sends a command and returns its result.</summary>
    /// <exception cref="InvalidOperationException">The browser refuses it, or has ended.</exception>
    public async Task<JsonElement> SendAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _count);
        var done = _pending[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = session is null
            ? JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } })
            : JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { }, sessionId = session });
        await _sending.WaitAsync();
        try
        {
            await _commands.WriteAsync((byte[])[.. command, 0]);
            await _commands.FlushAsync();
        }
        catch (IOException e)
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
            ? throw new InvalidOperationException($"{method}: {error}")
            : answer.GetProperty("result");
    }

    /// <summary>Waits for the end of what the browser has to say. It has to have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _receiving;
        _sending.Dispose();
    }

    private static InvalidOperationException Ended() => new("The browser has ended.");

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        while (await _messages.ReadAsync(buffer) is > 0 and var count)
        {
            var rest = buffer.AsMemory(0, count);
            for (int end; (end = rest.Span.IndexOf((byte)0)) >= 0; rest = rest[(end + 1)..])
            {
                message.Write(rest.Span[..end]);
                Take(JsonDocument.Parse(message.ToArray()).RootElement);
                message.SetLength(0);
            }

            message.Write(rest.Span);
        }

        foreach (var pending in _pending.Values)
        {
            pending.TrySetException(Ended());
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            if (_pending.TryRemove(id.GetInt32(), out var done))
            {
                done.TrySetResult(message);
            }
        }
        else if (message.TryGetProperty("sessionId", out var session) && _listeners.TryGetValue(session.GetString()!, out var listener))
        {
            listener(message.GetProperty("method").GetString()!, message.GetProperty("params"));
        }
    }
}
