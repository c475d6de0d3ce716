using System.Net;

namespace PushProxy.Server.Inspection;

/// <summary>Requests pages and what they name, and reads no more of an answer than it needs.</summary>
internal sealed class SiteClient : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="insecure">Whether any certificate is accepted.</param>
    /// <param name="decodes">Whether bodies are decoded here; if not, codings are accepted and the caller decodes.</param>
    /// <param name="accept">The Accept field.</param>
    public SiteClient(bool insecure, bool decodes, string accept)
    {
        var handler = new SocketsHttpHandler
        {
            MaxAutomaticRedirections = 10,
            AutomaticDecompression = decodes
                ? DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli
                : DecompressionMethods.None,
        };
        if (insecure)
        {
#pragma warning disable CA5359 // The user asked for it by --insecure.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; pushproxy inspect)");
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        if (!decodes)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        }
    }

    /// <summary>Sends a GET request, and returns when the header fields of the response have arrived.</summary>
    /// <exception cref="HttpRequestException">The server could not be reached, or did not answer.</exception>
    public Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellation) =>
        _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation);

    /// <summary>Reads the beginning of a body.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="limit">The most, in bytes.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        return await ReadAsync(stream, limit, cancellation);
    }

    /// <summary>Reads the beginning of a stream.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, CancellationToken cancellation)
    {
        var body = new byte[Math.Min(limit, 64 * 1024)];
        var length = 0;
        while (true)
        {
            length += await stream.ReadAtLeastAsync(body.AsMemory(length), body.Length - length, throwOnEndOfStream: false, cancellation);
            if (length < body.Length || length == limit)
            {
                return body.AsMemory(0, length);
            }

            Array.Resize(ref body, Math.Min(limit, body.Length * 2));
        }
    }

    public void Dispose() => _client.Dispose();
}
