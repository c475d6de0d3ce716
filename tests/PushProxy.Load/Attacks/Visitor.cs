using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PushProxy.Testing;

namespace PushProxy.Load.Attacks;

/// <summary>Asks for pages over HTTP/2, from an address of one's own: on loopback, every address of 127/8 is there to be used.</summary>
internal static class Visitor
{
    public const string AttackersAddress = "127.0.0.1", OthersAddress = "127.0.1.1";

    /// <summary>A client with a connection of its own.</summary>
    public static HttpClient NewClient(Uri url, string from)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = { RemoteCertificateValidationCallback = TestCertificate.AcceptSelfSigned },
        };
        return new HttpClient(handler)
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromSeconds(60),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>Asks for a page, or for something else, and takes all of it.</summary>
    /// <returns>How long it took, and what the proxy says it knew.</returns>
    public static async Task<(TimeSpan Time, string Decision)> GetAsync(
        HttpClient client, string path, CancellationToken cancellation, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in fields.Length > 0 ? fields : [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var start = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, cancellation);
        var decision = response.Headers.TryGetValues("PushProxy-Decision", out var said) ? string.Concat(said) : "";
        return (Stopwatch.GetElapsedTime(start), decision);
    }
}
