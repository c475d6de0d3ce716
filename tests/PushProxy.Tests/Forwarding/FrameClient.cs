using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using PushProxy.Testing;

namespace PushProxy.Tests.Forwarding;

/// <summary>A client over TLS that speaks HTTP/2 frame by frame, and may do what no browser does.</summary>
internal sealed class FrameClient(TcpClient socket, SslStream stream, string authority) : IAsyncDisposable
{
    private int _next = 1;

    public static async Task<FrameClient> ConnectAsync(Uri address)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new SslStream(socket.GetStream(), false, TestCertificate.AcceptSelfSigned);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        var client = new FrameClient(socket, stream, address.Authority);
        await client.SendAsync(4, 0, 0);
        return client;
    }

    /// <summary>Asks for a path, and returns the stream.</summary>
    public async Task<int> GetAsync(string path)
    {
        var id = _next;
        _next += 2;
        byte[] name = [(byte)authority.Length, .. Encoding.ASCII.GetBytes(authority)];
        await SendAsync(1, 5, id, [0x82, 0x87, 0x01, .. name, 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path)]);
        return id;
    }

    /// <summary>The next frame. SETTINGS are acknowledged, and the connection's window is opened again as it is used.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadAsync()
    {
        var head = new byte[9];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await stream.ReadExactlyAsync(head, patience.Token);
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(payload, patience.Token);
        var (type, flags) = (head[3], head[4]);
        if (type == 4 && (flags & 1) == 0)
        {
            await SendAsync(4, 1, 0);
        }
        else if (type == 0 && payload.Length > 0)
        {
            var read = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(read, payload.Length);
            await SendAsync(8, 0, 0, read);
        }

        return (type, flags, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue, payload);
    }

    /// <summary>The next frame; null if the server has ended the connection. Nobody may acknowledge anything on it then.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> TryReadAsync()
    {
        try
        {
            return await ReadAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task SendAsync(byte type, byte flags, int id, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame.AsSpan(9));
        await stream.WriteAsync(frame);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        socket.Dispose();
    }
}
