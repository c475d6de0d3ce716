using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PushProxy.Testing.Proxies;

/// <summary>
/// A port at which a local server seems to be some way off: what it sends arrives after a while, in order and at no limited rate.
/// Chromium loses a 103 that comes before its network thread has got round to wait for the response, which on loopback happens:
/// the net log shows the frame, the navigation never hears of it. Nobody's server is that close.
/// </summary>
public sealed class DistantServer : IAsyncDisposable
{
    /// <summary>How long each byte of the server is under way.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _port;
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="port">The server's port on loopback.</param>
    public DistantServer(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on loopback at which it is so far away.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    // One way ends when its sender has ended. What breaks one way ends the other, too: both sockets are closed when this returns.
    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using (near)
        {
            near.NoDelay = true;
            var (up, down) = (Channel.CreateUnbounded<Piece>(), Channel.CreateUnbounded<Piece>());
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, ended.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return;
            }

            await Task.WhenAll(
                OneWayAsync(ReceiveAsync(near, up, TimeSpan.Zero, ended.Token), ended), OneWayAsync(SendAsync(up, far, ended.Token), ended),
                OneWayAsync(ReceiveAsync(far, down, Distance, ended.Token), ended), OneWayAsync(SendAsync(down, near, ended.Token), ended));
        }
    }

    private static async Task OneWayAsync(Task way, CancellationTokenSource ended)
    {
        try
        {
            await way;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            await ended.CancelAsync();
        }
    }

    private static async Task ReceiveAsync(Socket from, Channel<Piece> underWay, TimeSpan delay, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReceiveAsync(buffer, cancellation)) > 0;)
        {
            underWay.Writer.TryWrite(new(buffer[..read], DateTime.UtcNow + delay));
        }

        underWay.Writer.Complete();
    }

    private static async Task SendAsync(Channel<Piece> underWay, Socket to, CancellationToken cancellation)
    {
        await foreach (var (bytes, due) in underWay.Reader.ReadAllAsync(cancellation))
        {
            if (due - DateTime.UtcNow is { Ticks: > 0 } left)
            {
                await Task.Delay(left, cancellation);
            }

            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await to.SendAsync(bytes.AsMemory(sent), cancellation);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private readonly record struct Piece(byte[] Bytes, DateTime Due);
}
