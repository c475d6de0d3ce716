using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>An HTTP/1.1 client on a bare socket, with or without TLS, that hides nothing: interim responses, resets, early ends.</summary>
public sealed class RawClient : IClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>The path asked for after a complete response, to see whether the connection still works.</summary>
    public const string ProbePath = "/probe";

    /// <inheritdoc/>
    public async Task<Transcript> SendAsync(Uri proxy, ClientRequest request, Exchange exchange)
    {
        using var limit = new CancellationTokenSource(Patience);
        var transcript = new Transcript();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(proxy.Host, proxy.Port, limit.Token);
            await using var stream = await OpenAsync(socket, proxy, limit.Token);
            using var reader = new ByteReader(stream, limit.Token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Head(exchange)), limit.Token);
            var sending = request.ExpectContinue ? null : SendBodyAsync(stream, request, exchange, limit.Token);
            await ReadResponseAsync(stream, reader, request, exchange, transcript, sending, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            transcript.Add($"end: nothing more in {Patience.TotalSeconds} s");
        }
        finally
        {
            exchange.Client.End();
        }

        return transcript;
    }

    private static async Task<Stream> OpenAsync(Socket socket, Uri proxy, CancellationToken cancellation)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (proxy.Scheme == "http")
        {
            return plain;
        }

        var tls = new SslStream(plain);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                RemoteCertificateValidationCallback = TestCertificate.AcceptSelfSigned,
            },
            cancellation);
        return tls;
    }

    private static async Task SendBodyAsync(Stream stream, ClientRequest request, Exchange exchange, CancellationToken cancellation)
    {
        await request.WriteBodyAsync(exchange, async piece =>
        {
            if (request.Chunked)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), cancellation);
            }

            await stream.WriteAsync(piece, cancellation);
            if (request.Chunked)
            {
                await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
            }
        });
        if (request is { Chunked: true, Body: not null })
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellation);
        }
    }

    private static async Task ReadResponseAsync(
        Stream stream, ByteReader reader, ClientRequest request, Exchange exchange, Transcript transcript, Task? sending,
        CancellationToken cancellation)
    {
        using var body = new BodyDigest();
        var headSeen = false;
        try
        {
            var head = await reader.ReadHeadAsync();
            while (head is { Status: < 200 and not 101 })
            {
                transcript.Add("interim " + head.StartLine);
                foreach (var (name, value) in head.Fields)
                {
                    transcript.AddHeader(name, value);
                }

                sending ??= SendBodyAsync(stream, request, exchange, cancellation);
                head = await reader.ReadHeadAsync();
            }

            if (head is null)
            {
                transcript.Add("end: closed without a response");
                return;
            }

            headSeen = true;
            transcript.Add(head.StartLine);
            foreach (var (name, value) in head.Fields)
            {
                transcript.AddHeader(name, value);
            }

            exchange.Client.Raise(0);
            await foreach (var piece in reader.ReadBodyAsync(Framing.OfResponse(head, request.Method), transcript))
            {
                var rest = request.StopAfter - body.Length;
                body.Add(rest < piece.Length ? piece.Span[..(int)rest] : piece.Span);
                exchange.Client.Raise(body.Length);
                if (body.Length >= request.StopAfter)
                {
                    transcript.AddBody("body", body);
                    transcript.Add("end: we hung up");
                    return;
                }
            }

            transcript.AddBody("body", body);
            await (sending ?? Task.CompletedTask);
            transcript.Add("end: complete, " + await ProbeAsync(stream, reader, head, cancellation));
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or FormatException)
        {
            if (headSeen)
            {
                transcript.AddBody("body", body);
            }

            transcript.Add("end: " + Describe(e));
        }
    }

    private static async Task<string> ProbeAsync(Stream stream, ByteReader reader, Head head, CancellationToken cancellation)
    {
        if (head.Value("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true)
        {
            return (await reader.ReadSomeAsync()).IsEmpty ? "then closed as announced" : "then more bytes";
        }

        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {ProbePath} HTTP/1.1\r\nHost: site.test\r\n\r\n"), cancellation);
            return await reader.ReadHeadAsync() is { } next ? $"connection usable ({next.StartLine})" : "connection closed unannounced";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "connection broken";
        }
    }

    private static string Describe(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted => "reset",
        { } other => other.ToString(),
        null when e is EndOfStreamException => "closed early: " + e.Message.Split(':')[0],
        null => e.Message,
    };
}
