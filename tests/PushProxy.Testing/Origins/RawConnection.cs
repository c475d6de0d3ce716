using System.Net.Sockets;
using PushProxy.Testing.Clients;

namespace PushProxy.Testing.Origins;

/// <summary>One connection to a <see cref="RawOrigin"/>.</summary>
internal sealed class RawConnection(Socket socket, CancellationToken stopping) : IDisposable
{
    /// <summary>What the proxy sends.</summary>
    public ByteReader Reader { get; } = new(new NetworkStream(socket, ownsSocket: false), stopping);

    /// <summary>Cancelled when the origin stops.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The script has closed or reset it.</summary>
    public bool Closed { get; private set; }

    public async Task<RawRequest?> ReadRequestAsync()
    {
        var head = await Reader.ReadHeadAsync();
        return head is null ? null : new RawRequest(this, head);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            try
            {
                bytes = bytes[await socket.SendAsync(bytes, stopping)..];
            }
            catch (SocketException e)
            {
                throw new IOException("The proxy hung up.", e);
            }
        }
    }

    /// <summary>Sends FIN: everything written arrives, then the end.</summary>
    public void Close()
    {
        Closed = true;
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Sends RST.</summary>
    public void Reset()
    {
        Closed = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose()
    {
        Reader.Dispose();
        socket.Dispose();
    }
}
