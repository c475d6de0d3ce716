using System.Globalization;
using PushProxy.Analysis;
using PushProxy.Inspection;

namespace PushProxy.Server.Inspection;

/// <summary>Gets the pages that are to be inspected, from the network or from files.</summary>
internal sealed class PageSource : IDisposable
{
    /// <summary>Stands for a file's place while the page is analysed: only http URLs have an origin.</summary>
    public static readonly Uri FilesAsSite = new("http://files.invalid/");

    private readonly PageInspector _inspector;
    private readonly ClientProfile _client;
    private readonly TimeSpan _limit;
    private readonly SiteClient _site;
    private readonly SiteStylesheets _stylesheets;

    /// <param name="inspector">Looks at what has been got.</param>
    /// <param name="insecure">Whether any certificate will do.</param>
    /// <param name="limit">How long one page may take, from the first byte sent to the last received; and so long each of its stylesheets.</param>
    /// <param name="client">The screen the pages are displayed on.</param>
    public PageSource(PageInspector inspector, bool insecure, TimeSpan limit, ClientProfile? client = null)
    {
        (_inspector, _limit, _client) = (inspector, limit, client ?? ClientProfile.Desktop);
        _site = new(insecure, decodes: false, "text/html,application/xhtml+xml,*/*;q=0.8");
        _stylesheets = new(insecure, limit);
    }

    /// <exception cref="PageSourceException">There is no page there, with a reason for a person.</exception>
    public Task<InspectedPage> InspectAsync(string urlOrFile, CancellationToken cancellation) =>
        Uri.TryCreate(urlOrFile, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? FromNetworkAsync(url!, cancellation)
            : FromFileAsync(url is { IsFile: true } ? url.LocalPath : urlOrFile, cancellation);

    public void Dispose()
    {
        _site.Dispose();
        _stylesheets.Dispose();
    }

    private async Task<InspectedPage> FromNetworkAsync(Uri url, CancellationToken cancellation)
    {
        // The client's own limit would end with the headers; a body may stop in its middle.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        ReadOnlyMemory<byte> body;
        string[] links;
        string? coding, contentType;
        Uri page;
        try
        {
            using var response = await _site.GetAsync(url, limit.Token);
            var type = response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.First() : null;
            if (!response.IsSuccessStatusCode)
            {
                throw new PageSourceException($"the answer was {(int)response.StatusCode} {response.ReasonPhrase}");
            }

            if (type?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            {
                throw new PageSourceException($"no HTML page, but {type ?? "without a content type"}");
            }

            body = await SiteClient.ReadAsync(response, _inspector.MaxPageBytes, limit.Token);
            links = response.Headers.TryGetValues("Link", out var values) ? values.ToArray() : [];
            coding = response.Content.Headers.ContentEncoding.Count > 0 ? string.Join(", ", response.Content.Headers.ContentEncoding) : null;
            (contentType, page) = (type, response.RequestMessage!.RequestUri!);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PageSourceException(string.Create(CultureInfo.InvariantCulture, $"no whole page in {_limit.TotalSeconds} seconds"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PageSourceException(e.GetBaseException().Message);
        }

        // Its stylesheets have limits of their own.
        return await _inspector.InspectAsync(body, page, contentType, coding, links, _stylesheets, _client, cancellation)
            ?? throw new PageSourceException($"its content coding ({coding}) can't be undone");
    }

    private async Task<InspectedPage> FromFileAsync(string file, CancellationToken cancellation)
    {
        try
        {
            var path = Path.GetFullPath(file);
            await using var stream = File.OpenRead(path);
            var body = await SiteClient.ReadAsync(stream, _inspector.MaxPageBytes, cancellation);
            var real = new Uri(path);
            var page = (await _inspector.InspectAsync(body, new Uri(FilesAsSite, real.AbsolutePath), null, null, default, _stylesheets, _client, cancellation))!;
            return page with
            {
                Page = real,
                Resources = [.. page.Resources.Select(static r => r with { Url = ToFile(r.Url) })],
                Skipped = [.. page.Skipped.Select(static s => s with { Url = ToFile(s.Url) })],
                Unread = [.. page.Unread.Select(ToFile)],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PageSourceException(e.Message);
        }
    }

    private static string ToFile(string url) =>
        url.StartsWith(FilesAsSite.AbsoluteUri, StringComparison.Ordinal) ? "file:///" + url[FilesAsSite.AbsoluteUri.Length..] : url;
}

/// <summary>There is no page to inspect.</summary>
internal sealed class PageSourceException(string message) : Exception(message);
