using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PushProxy.Testing.Origins;

/// <summary>
/// A scripted HTTP/1.1 origin on a TCP socket. A handler gets the request's head and writes whatever bytes it likes, so that
/// it can lie, stall, hang up or talk garbage where a real server library would refuse to.
/// </summary>
public sealed class RawOrigin : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<RawRequest, Task>> _handlers = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly Task _accepting;
    private Func<RawRequest, Task>? _otherwise;

    /// <summary>Starts listening on a loopback port that the system chooses.</summary>
    public RawOrigin()
    {
        _listener.Start(512);
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Sets what answers requests for a path and what is below it (without query). Other paths get a 404.</summary>
    public RawOrigin On(string path, Func<RawRequest, Task> handler)
    {
        _handlers[path] = handler;
        return this;
    }

    /// <summary>Sets what answers requests for all other paths.</summary>
    public RawOrigin Otherwise(Func<RawRequest, Task> handler)
    {
        _otherwise = handler;
        return this;
    }

    /// <summary>Answers every request for a path with the same bytes.</summary>
    public RawOrigin On(string path, string response) => On(path, request => request.WriteAsync(response));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
                _connections[connection] = 0;
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        socket.NoDelay = true;
        using var connection = new RawConnection(socket, _stopping.Token);
        try
        {
            while (!connection.Closed && await connection.ReadRequestAsync() is { } request)
            {
                await AnswerAsync(request);
                await request.DrainAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The proxy hung up, or the test is over.
        }
    }

    private async Task AnswerAsync(RawRequest request)
    {
        try
        {
            await Handler(request.Path)(request);
            request.Exchange.OriginDone.TrySetResult();
        }
        catch (Exception e)
        {
            request.Exchange.OriginDone.TrySetException(e);
            _ = request.Exchange.OriginDone.Task.Exception;
            throw e as IOException ?? new IOException("The origin's script failed.", e);
        }
    }

    private Func<RawRequest, Task> Handler(string path)
    {
        // "/" is the front page, not everything.
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_handlers.TryGetValue(path[..end], out var handler))
            {
                return handler;
            }
        }

        return _otherwise ?? (request => request.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    }
}
