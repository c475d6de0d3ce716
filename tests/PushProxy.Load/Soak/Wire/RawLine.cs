using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using PushProxy.Testing;

namespace PushProxy.Load.Soak.Wire;

/// <summary>A connection that does nothing of its own accord: TCP, with TLS on top if that is wanted.</summary>
internal sealed class RawLine : IAsyncDisposable
{
    private readonly Socket _socket;

    private RawLine(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    /// <summary>What goes in and out.</summary>
    public Stream Stream { get; }

    /// <summary>The certificate the server showed; null without TLS.</summary>
    public string? CertificateHash => (Stream as SslStream)?.RemoteCertificate?.GetCertHashString();

    /// <summary>TCP alone.</summary>
    /// <param name="url">Whose port it is.</param>
    /// <param name="receiveBuffer">What the kernel keeps for a reader that is slow; null: what it likes.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<RawLine> ConnectAsync(Uri url, int? receiveBuffer, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBuffer is { } size)
            {
                socket.ReceiveBufferSize = size;
            }

            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancellation);
            return new RawLine(socket, new NetworkStream(socket, ownsSocket: false));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>TCP and TLS.</summary>
    /// <param name="url">Whose port it is.</param>
    /// <param name="protocol">What is agreed on by ALPN: <c>h2</c> or <c>http/1.1</c>.</param>
    /// <param name="receiveBuffer">What the kernel keeps for a reader that is slow; null: what it likes.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<RawLine> ConnectTlsAsync(Uri url, string protocol, int? receiveBuffer, CancellationToken cancellation)
    {
        var line = await ConnectAsync(url, receiveBuffer, cancellation);
        var tls = new SslStream(line.Stream, leaveInnerStreamOpen: false, TestCertificate.AcceptSelfSigned);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ApplicationProtocols = [new SslApplicationProtocol(protocol)],
                },
                cancellation);
            return new RawLine(line._socket, tls);
        }
        catch
        {
            await tls.DisposeAsync();
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads until the server ends the connection, or for so long.</summary>
    /// <returns>Whether the server ended it.</returns>
    public async Task<bool> ReadToEndAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await Stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Goes away without a word: RST, no TLS alert.</summary>
    public void Vanish()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <summary>Goes away without a word of TLS: FIN.</summary>
    public void HangUp() => _socket.Close();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Close();
        try
        {
            await Stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // TLS would have liked to say goodbye.
        }
    }
}
