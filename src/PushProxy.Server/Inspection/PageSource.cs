using System.Globalization;
using PushProxy.Inspection;

namespace PushProxy.Server.Inspection;

/// <summary>Gets the pages that are to be inspected, from the network or from files.</summary>
internal sealed class PageSource : IDisposable
{
    /// <summary>Stands for a file's place while the page is analysed: only http URLs have an origin.</summary>
    private static readonly Uri FilesAsSite = new("http://files.invalid/");

    private readonly PageInspector _inspector;
    private readonly TimeSpan _limit;
    private readonly HttpClient _client;

    /// <param name="inspector">Looks at what has been got.</param>
    /// <param name="insecure">Whether any certificate will do.</param>
    /// <param name="limit">How long one page may take, from the first byte sent to the last received.</param>
    public PageSource(PageInspector inspector, bool insecure, TimeSpan limit)
    {
        (_inspector, _limit) = (inspector, limit);
        var handler = new SocketsHttpHandler { MaxAutomaticRedirections = 10 };
        if (insecure)
        {
#pragma warning disable CA5359 // The user asked for it by --insecure.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; pushproxy inspect)");
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
    }

    /// <exception cref="PageSourceException">There is no page there, with a reason for a person.</exception>
    public Task<InspectedPage> InspectAsync(string urlOrFile, CancellationToken cancellation) =>
        Uri.TryCreate(urlOrFile, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? FromNetworkAsync(url!, cancellation)
            : FromFileAsync(url is { IsFile: true } ? url.LocalPath : urlOrFile, cancellation);

    public void Dispose() => _client.Dispose();

    private async Task<InspectedPage> FromNetworkAsync(Uri url, CancellationToken cancellation)
    {
        // The client's own limit would end with the headers; a body may stop in its middle.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        try
        {
            using var response = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var type = response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.First() : null;
            if (!response.IsSuccessStatusCode)
            {
                throw new PageSourceException($"the answer was {(int)response.StatusCode} {response.ReasonPhrase}");
            }

            if (type?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            {
                throw new PageSourceException($"no HTML page, but {type ?? "without a content type"}");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            var body = await ReadAsync(stream, limit.Token);
            var links = response.Headers.TryGetValues("Link", out var values) ? values.ToArray() : [];
            var coding = response.Content.Headers.ContentEncoding.Count > 0 ? string.Join(", ", response.Content.Headers.ContentEncoding) : null;
            return _inspector.Inspect(body, response.RequestMessage!.RequestUri!, type, coding, links)
                ?? throw new PageSourceException($"its content coding ({coding}) can't be undone");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PageSourceException(string.Create(CultureInfo.InvariantCulture, $"no whole page in {_limit.TotalSeconds} seconds"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PageSourceException(e.GetBaseException().Message);
        }
    }

    private async Task<InspectedPage> FromFileAsync(string file, CancellationToken cancellation)
    {
        try
        {
            var path = Path.GetFullPath(file);
            await using var stream = File.OpenRead(path);
            var body = await ReadAsync(stream, cancellation);
            var real = new Uri(path);
            var page = _inspector.Inspect(body, new Uri(FilesAsSite, real.AbsolutePath), null, null, default)!;
            return new InspectedPage(
                real,
                [.. page.Resources.Select(static r => r with { Url = ToFile(r.Url) })],
                [.. page.Skipped.Select(static s => s with { Url = ToFile(s.Url) })]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PageSourceException(e.Message);
        }
    }

    private static string ToFile(string url) =>
        url.StartsWith(FilesAsSite.AbsoluteUri, StringComparison.Ordinal) ? "file:///" + url[FilesAsSite.AbsoluteUri.Length..] : url;

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new byte[_inspector.MaxPageBytes];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        return body.AsMemory(0, length);
    }
}

/// <summary>There is no page to inspect.</summary>
internal sealed class PageSourceException(string message) : Exception(message);
