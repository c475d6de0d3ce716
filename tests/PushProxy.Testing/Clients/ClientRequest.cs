using System.Globalization;
using System.Text;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>A request as a test wants it sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, written as they are.</param>
public sealed record ClientRequest(string Method, string Target)
{
    /// <summary>The Host header, or :authority.</summary>
    public string Host { get; init; } = "site.test";

    /// <summary>Further header fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The request body in the pieces in which it is sent; null for none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Body { get; init; }

    /// <summary>Send the body chunked instead of with Content-Length (HTTP/1.1; HTTP/2 then sends no content-length).</summary>
    public bool Chunked { get; init; }

    /// <summary>Wait with each piece of the body until the origin has those before it (but for what may stay in YARP's buffers).</summary>
    public bool Lockstep { get; init; }

    /// <summary>Wait with the body for 100 Continue.</summary>
    public bool ExpectContinue { get; init; }

    /// <summary>Hang up after so many bytes of the response body.</summary>
    public long? StopAfter { get; init; }

    // Only for gRPC over HTTP/2 does YARP flush each piece of a request.
    private const int YarpBuffers = 16 * 1024;

    internal string Head(Exchange exchange)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {Host}\r\n{Exchange.HeaderName}: {exchange.Id}\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (ExpectContinue)
        {
            head.Append("Expect: 100-continue\r\n");
        }

        if (Body is not null)
        {
            head.Append(
                Chunked
                    ? "Transfer-Encoding: chunked\r\n"
                    : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Sum(b => (long)b.Length)}\r\n"));
        }

        return head.Append("\r\n").ToString();
    }

    /// <summary>Writes the body by means of <paramref name="write"/>.</summary>
    internal async Task WriteBodyAsync(Exchange exchange, Func<ReadOnlyMemory<byte>, Task> write)
    {
        var sent = 0L;
        foreach (var piece in Body ?? [])
        {
            if (Lockstep && sent > 0)
            {
                await exchange.Origin.ReachAsync(sent - YarpBuffers);
            }

            await write(piece);
            sent += piece.Length;
        }
    }
}

/// <summary>Sends requests in one way (protocol, with or without TLS) and writes down what comes back.</summary>
public interface IClient
{
    /// <summary>Sends a request to a proxy; the transcript ends with how the response ended.</summary>
    Task<Transcript> SendAsync(Uri proxy, ClientRequest request, Exchange exchange);
}
