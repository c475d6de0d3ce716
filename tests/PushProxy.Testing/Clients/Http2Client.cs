using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>HTTP/2 over TLS (or with prior knowledge over cleartext) by <see cref="HttpClient"/>, and nothing lower.</summary>
public sealed class Http2Client : IClient, IDisposable
{
    private readonly HttpClient _client = new(NewHandler()) { Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>A handler that takes any certificate and does nothing on its own account.</summary>
    /// <param name="from">
    /// The address that its connections come from, such as 127.1.2.3: Linux lets a client of a server on 127.0.0.1 choose any of 127.0.0.0/8.
    /// If it is null, the system chooses.
    /// </param>
    public static SocketsHttpHandler NewHandler(IPAddress? from = null) => new()
    {
        ConnectCallback = from is null ? null : async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        SslOptions = { RemoteCertificateValidationCallback = TestCertificate.AcceptSelfSigned },
    };

    /// <inheritdoc/>
    public async Task<Transcript> SendAsync(Uri proxy, ClientRequest request, Exchange exchange)
    {
        var transcript = new Transcript();
        using var message = Message(proxy, request, exchange);
        using var body = new BodyDigest();
        var headSeen = false;
        try
        {
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            headSeen = true;
            transcript.Add($"HTTP/{response.Version} {(int)response.StatusCode}");
            AddHeaders(transcript, response.Headers);
            AddHeaders(transcript, response.Content.Headers);
            exchange.Client.Raise(0);
            if (!await ReadBodyAsync(response, request, exchange, body))
            {
                transcript.AddBody("body", body);
                transcript.Add("end: we hung up");
                return transcript;
            }

            transcript.AddBody("body", body);
            foreach (var (name, value) in response.TrailingHeaders.NonValidated)
            {
                transcript.Add($"trailer {name}: {value}");
            }

            transcript.Add("end: complete");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            if (headSeen)
            {
                transcript.AddBody("body", body);
            }

            transcript.Add("end: " + Describe(e));
        }
        catch (OperationCanceledException)
        {
            transcript.Add("end: nothing more in time");
        }
        finally
        {
            exchange.Client.End();
        }

        return transcript;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<bool> ReadBodyAsync(HttpResponseMessage response, ClientRequest request, Exchange exchange, BodyDigest body)
    {
        using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(
            buffer.AsMemory(0, (int)Math.Min(buffer.Length, request.StopAfter - body.Length ?? long.MaxValue))) is var n && n > 0)
        {
            body.Add(buffer.AsSpan(0, n));
            exchange.Client.Raise(body.Length);
            if (body.Length >= request.StopAfter)
            {
                return false;
            }
        }

        return true;
    }

    private static HttpRequestMessage Message(Uri proxy, ClientRequest request, Exchange exchange)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            new Uri(
                proxy.GetLeftPart(UriPartial.Authority) + request.Target,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Host = request.Host;
        message.Headers.Add(Exchange.HeaderName, exchange.Id);
        message.Headers.ExpectContinue = request.ExpectContinue ? true : null;
        if (request.Body is not null)
        {
            message.Content = new PiecesContent(request, exchange);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                (message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static void AddHeaders(Transcript transcript, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                transcript.AddHeader(name, value);
            }
        }
    }

    private static string Describe(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                return $"HTTP/2 error {protocol.ErrorCode:x}";
            }

            if (e is HttpIOException { HttpRequestError: not HttpRequestError.Unknown } http)
            {
                return http.HttpRequestError.ToString();
            }
        }

        return "failed";
    }

    private sealed class PiecesContent(ClientRequest request, Exchange exchange) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            request.WriteBodyAsync(exchange, async piece =>
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
            });

        protected override bool TryComputeLength(out long length)
        {
            length = request.Body!.Sum(b => (long)b.Length);
            return !request.Chunked;
        }
    }
}
