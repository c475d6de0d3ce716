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
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _port;
    private readonly TimeSpan _distance;
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="port">The server's port on loopback.</param>
    /// <param name="distance">How long each byte of it is under way.</param>
    public DistantServer(int port, TimeSpan distance)
    {
        (_port, _distance) = (port, distance);
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

    // One way ends when its sender has ended; a connection that breaks on one side is closed on the other.
    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, _stopping.Token);
                await Task.WhenAll(SendAsync(near, far, TimeSpan.Zero), SendAsync(far, near, _distance));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Closed on both sides by leaving.
            }
        }
    }

    private async Task SendAsync(Socket from, Socket to, TimeSpan delay)
    {
        var underWay = Channel.CreateUnbounded<(byte[] Bytes, DateTime Due)>();
        var arriving = ArriveAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = await from.ReceiveAsync(buffer, _stopping.Token)) > 0;)
            {
                underWay.Writer.TryWrite((buffer[..read], DateTime.UtcNow + delay));
            }
        }
        catch (SocketException)
        {
            from.Close();
            to.Close();
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(byte[] Bytes, DateTime Due)> underWay, Socket to)
    {
        await foreach (var (bytes, due) in underWay.ReadAllAsync(_stopping.Token))
        {
            if (due - DateTime.UtcNow is { Ticks: > 0 } left)
            {
                await Task.Delay(left, _stopping.Token);
            }

            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await to.SendAsync(bytes.AsMemory(sent), _stopping.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
