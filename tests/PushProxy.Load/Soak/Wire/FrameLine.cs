using System.Buffers.Binary;

namespace PushProxy.Load.Soak.Wire;

/// <summary>A client that speaks HTTP/2 frames on a <see cref="RawLine"/>, and grants what windows it is told to.</summary>
internal sealed class FrameLine(RawLine line) : IAsyncDisposable
{
    private readonly byte[] _head = new byte[9];

    /// <summary>Below.</summary>
    public RawLine Line => line;

    /// <summary>Connects and begins: pushes are welcome.</summary>
    /// <param name="url">Of the proxy.</param>
    /// <param name="window">What may be sent on a stream before it is granted more.</param>
    /// <param name="receiveBuffer">Of the socket; null: what the kernel likes.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<FrameLine> OpenAsync(Uri url, uint window, int? receiveBuffer, CancellationToken cancellation)
    {
        var line = new FrameLine(await RawLine.ConnectTlsAsync(url, "h2", receiveBuffer, cancellation));
        await line.SendAsync([.. Frames.Preface, .. Frames.SettingsOf((2, 1), (4, window))], cancellation);
        return line;
    }

    /// <summary>Sends octets.</summary>
    public async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        await line.Stream.WriteAsync(bytes, cancellation);
        await line.Stream.FlushAsync(cancellation);
    }

    /// <summary>Asks for a page as a browser does.</summary>
    public Task AskForPageAsync(int stream, Uri url, string path, CancellationToken cancellation) =>
        SendAsync(
            Frames.Get(
                stream,
                url.Authority,
                path,
                ("accept", "text/html,*/*;q=0.8"),
                ("sec-fetch-dest", "document"),
                ("sec-fetch-mode", "navigate"),
                ("user-agent", "soak")),
            cancellation);

    /// <summary>The next frame.</summary>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadAsync(CancellationToken cancellation)
    {
        await line.Stream.ReadExactlyAsync(_head, cancellation);
        var payload = new byte[(_head[0] << 16) | (_head[1] << 8) | _head[2]];
        await line.Stream.ReadExactlyAsync(payload, cancellation);
        if (_head[3] == Frames.Settings && (_head[4] & 1) == 0)
        {
            await SendAsync(Frames.Frame(Frames.Settings, 1, 0, []), cancellation);
        }
        else if (_head[3] == Frames.Ping && (_head[4] & 1) == 0)
        {
            await SendAsync(Frames.Frame(Frames.Ping, 1, 0, payload), cancellation);
        }

        return (_head[3], _head[4], BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(5)) & int.MaxValue, payload);
    }

    /// <summary>Lets the server send so much more, on a stream (0: on the connection).</summary>
    public Task GrantAsync(int stream, uint bytes, CancellationToken cancellation) =>
        SendAsync(Frames.Number(Frames.WindowUpdate, stream, bytes), cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => line.DisposeAsync();
}
