using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace PushProxy.Http2.Bench;

/// <summary>A client that takes pushes and does as little as possible itself: it counts the ends of streams.</summary>
internal sealed class BenchClient : IAsyncDisposable
{
    private static readonly byte[] s_preface =
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff), .. Frame(8, 0, 0, 0x7f, 0xf0, 0, 0)];

    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[1 << 17];
    private int _filled;
    private int _next = 1;

    private BenchClient(SslStream stream) => _stream = stream;

    public byte[] LastContent { get; private set; } = [];

    public static async Task<BenchClient> ConnectAsync(int port)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        await stream.WriteAsync(s_preface);
        return new BenchClient(stream);
    }

    /// <summary>Sends these requests in one write, and waits until that many streams have ended.</summary>
    public async Task GetAsync(int ends, params string[] paths)
    {
        var bytes = new List<byte>();
        foreach (var path in paths)
        {
            byte[] block = [0x82, 0x87, 0x01, 9, .. "localhost"u8, 0x04, (byte)path.Length, .. System.Text.Encoding.ASCII.GetBytes(path)];
            bytes.AddRange(Frame(1, 5, _next, block));
            _next += 2;
        }

        await _stream.WriteAsync(bytes.ToArray());
        while (ends > 0)
        {
            ends -= await ReadAsync();
        }
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private async Task<int> ReadAsync()
    {
        var read = await _stream.ReadAsync(_buffer.AsMemory(_filled));
        if (read == 0)
        {
            throw new InvalidOperationException("The connection ended.");
        }

        _filled += read;
        var ends = 0;
        var at = 0;
        while (_filled - at >= 9)
        {
            var length = (_buffer[at] << 16) | (_buffer[at + 1] << 8) | _buffer[at + 2];
            if (_filled - at < 9 + length)
            {
                break;
            }

            var (type, flags) = (_buffer[at + 3], _buffer[at + 4]);
            if (type is 3 or 7)
            {
                throw new InvalidOperationException(type == 3 ? "A stream was reset." : "GOAWAY");
            }

            if (type == 0 && length > 0)
            {
                LastContent = _buffer[(at + 9)..(at + 9 + length)];
            }

            if (type == 4 && (flags & 1) == 0)
            {
                await _stream.WriteAsync(Frame(4, 1, 0));
            }

            ends += type is 0 or 1 && (flags & 1) != 0 ? 1 : 0;
            at += 9 + length;
        }

        _buffer.AsSpan(at, _filled - at).CopyTo(_buffer);
        _filled -= at;
        return ends;
    }

    private static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }
}
