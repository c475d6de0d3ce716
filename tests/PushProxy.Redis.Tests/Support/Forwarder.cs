using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PushProxy.Redis.Tests.Support;

/// <summary>A way to a server that can lose connections without a word: they stay open, and nothing comes through any more.</summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _pumps = [];
    private readonly Task _accepting;
    private readonly int _port;
    private int _swallowed;
    private int _accepted;

    public Forwarder(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Nothing goes through the present connections any more. New ones are as they were.</summary>
    public void Swallow() => Volatile.Write(ref _swallowed, Volatile.Read(ref _accepted));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                var number = Interlocked.Increment(ref _accepted);
                await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), _end.Token);
                _pumps.Add(PumpAsync(client, server, number));
                _pumps.Add(PumpAsync(server, client, number));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int number)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                if (number > Volatile.Read(ref _swallowed))
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of both has ended.
        }

        from.Dispose();
        to.Dispose();
    }
}
