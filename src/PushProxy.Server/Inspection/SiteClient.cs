using System.Net;
using System.Net.Sockets;

namespace PushProxy.Server.Inspection;

/// <summary>Requests pages and what they name, and reads no more of an answer than it needs.</summary>
internal sealed class SiteClient : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly SiteAccess _access;
    private readonly HttpClient _client;

    /// <param name="access">How sites are reached.</param>
    /// <param name="decodes">Whether bodies are decoded here; if not, codings are accepted and the caller decodes.</param>
    /// <param name="accept">The Accept field.</param>
    public SiteClient(SiteAccess access, bool decodes, string accept)
    {
        _access = access;
        var handler = new SocketsHttpHandler
        {
            // Each hop is looked at: another host is not sent what the user wrote for this one.
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,
            Proxy = new SiteProxy(access),
            AutomaticDecompression = decodes
                ? DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli
                : DecompressionMethods.None,
        };
        if (access.Insecure)
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
    /// <exception cref="HttpRequestException">
    /// The server could not be reached, or did not answer, or its redirect is not followed; the message says why.
    /// </exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellation)
    {
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            foreach (var (name, value) in _access.IsSite(url) ? _access.Fields : [])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (Redirect(response) is not { } next)
            {
                return response;
            }

            response.Dispose();
            if (WhyNot(url, next, hop) is { } reason)
            {
                var shown = next.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);
                throw new HttpRequestException($"{Describe(response)}, and is not followed to {shown}, because {reason}");
            }

            url = next;
        }
    }

    /// <summary>Says what was answered.</summary>
    public static string Describe(HttpResponseMessage response) => $"the answer was {(int)response.StatusCode} {response.ReasonPhrase}";

    private static Uri? Redirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            && Uri.TryCreate(response.RequestMessage!.RequestUri, location, out var next) ? next : null;

    // From https to http no browser would follow with what it may have sent.
    private static string? WhyNot(Uri from, Uri to, int hops) =>
        to.Scheme is not ("http" or "https") ? "that is not http or https"
        : from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps ? "it would leave https"
        : to.UserInfo.Length > 0 ? "that URL has a user's name"
        : hops == MaxRedirects ? $"{MaxRedirects} redirects came before it"
        : null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The end point is the proxy if there is one, and the request may still name the site.
            var address = _access.AddressOf(context.InitialRequestMessage.RequestUri!) ?? context.DnsEndPoint;
            await socket.ConnectAsync(address, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

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
