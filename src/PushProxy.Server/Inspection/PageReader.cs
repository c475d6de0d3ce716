using System.Globalization;
using PushProxy.Analysis;
using PushProxy.Inspection;

namespace PushProxy.Server.Inspection;

/// <summary>Reads the pages to inspect, from the network or from files.</summary>
internal sealed class PageReader : IDisposable
{
    private readonly PageInspector _inspector;
    private readonly ClientProfile _client;
    private readonly SiteAccess _access;
    private readonly TimeSpan _limit;
    private readonly SiteClient _site;
    private readonly SubresourceReader _subresources;

    /// <param name="inspector">Inspects what was read.</param>
    /// <param name="access">How sites are reached.</param>
    /// <param name="limit">
    /// How long one page may take, from the first byte sent to the last received. Each of its stylesheets may take as long.
    /// </param>
    /// <param name="client">The screen the pages are displayed on.</param>
    public PageReader(PageInspector inspector, SiteAccess access, TimeSpan limit, ClientProfile? client = null)
    {
        (_inspector, _access, _limit, _client) = (inspector, access, limit, client ?? ClientProfile.Desktop);
        _site = new(access, decodes: false, "text/html,application/xhtml+xml,*/*;q=0.8");
        _subresources = new(access, limit);
    }

    /// <exception cref="PageUnavailableException">The page could not be read; the message says why.</exception>
    public Task<InspectedPage> InspectAsync(string urlOrFile, CancellationToken cancellation)
    {
        var isUrl = Uri.TryCreate(urlOrFile, UriKind.Absolute, out var url);
        if (isUrl && url!.Scheme is "http" or "https")
        {
            // A user's name is a secret that would be printed with every URL below it.
            return url!.UserInfo.Length == 0 ? FromNetworkAsync(url, cancellation)
                : throw new PageUnavailableException("has a user's name; write it as --header 'Authorization: Basic ...'");
        }

        return url is { IsFile: true } ? FromFileAsync(url.LocalPath, cancellation)
            : !urlOrFile.Contains("://", StringComparison.Ordinal) ? FromFileAsync(urlOrFile, cancellation)
            : throw new PageUnavailableException(isUrl ? "only http and https URLs and files can be inspected" : "is not a URL");
    }

    public void Dispose()
    {
        _site.Dispose();
        _subresources.Dispose();
    }

    private async Task<InspectedPage> FromNetworkAsync(Uri url, CancellationToken cancellation)
    {
        // HttpClient's own limit ends with the header fields, but a body may stop in the middle.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        ReadOnlyMemory<byte> body;
        string[] links;
        string? coding, contentType;
        var fields = new HeaderDictionary();
        Uri page;
        try
        {
            using var response = await _site.GetAsync(_access.Enter(url), limit.Token);
            var type = response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.First() : null;
            if (!response.IsSuccessStatusCode)
            {
                throw new PageUnavailableException(SiteClient.Describe(response));
            }

            if (type?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            {
                throw new PageUnavailableException($"not an HTML page, but {type ?? "without a content type"}");
            }

            body = await SiteClient.ReadAsync(response, _inspector.MaxPageBytes, limit.Token);
            links = response.Headers.TryGetValues("Link", out var values) ? values.ToArray() : [];
            var codings = response.Content.Headers.ContentEncoding;
            coding = codings.Count > 0 ? string.Join(", ", codings) : null;
            (contentType, page) = (type, response.RequestMessage!.RequestUri!);
            foreach (var field in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            {
                fields.Append(field.Key, field.Value.ToArray());
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw TooSlow();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PageUnavailableException(e.GetBaseException().Message);
        }

        // Each stylesheet has its own limit.
        try
        {
            var inspected = await _inspector.InspectAsync(
                body, page, contentType, coding, links, _subresources, _client, cancellation)
                ?? throw new PageUnavailableException($"its content coding ({coding}) can't be decoded");
            return inspected with { Answer = inspected.Answer with { Fields = fields } };
        }
        catch (ArgumentException)
        {
            // .NET takes some names for URLs that browsers don't.
            throw new PageUnavailableException($"{page.AbsoluteUri} is no URL that a browser would open");
        }
    }

    private async Task<InspectedPage> FromFileAsync(string file, CancellationToken cancellation)
    {
        try
        {
            var path = Path.GetFullPath(file);
            var body = await LocalFiles.ReadAsync(path, _inspector.MaxPageBytes, _limit, cancellation);
            var real = new Uri(path);
            var asPage = new Uri(LocalFiles.Site, real.AbsolutePath);
            var files = new LocalFiles(path, _subresources, _limit);
            var page = await _inspector.InspectAsync(body, asPage, null, null, default, files, _client, cancellation);
            return page! with
            {
                Page = real,
                Resources = [.. page.Resources.Select(static r => r with { Url = LocalFiles.ToFile(r.Url) })],
                Skipped = [.. page.Skipped.Select(static s => s with { Url = LocalFiles.ToFile(s.Url) })],
                Unread = [.. page.Unread.Select(LocalFiles.ToFile)],
            };
        }
        catch (TimeoutException)
        {
            throw TooSlow();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PageUnavailableException(e.Message);
        }
    }

    private PageUnavailableException TooSlow() =>
        new(string.Create(CultureInfo.InvariantCulture, $"the page did not arrive within {_limit.TotalSeconds} seconds"));
}

/// <summary>A page to inspect could not be read.</summary>
/// <param name="message">Why: one line, in which something may stand that the site wrote.</param>
internal sealed class PageUnavailableException(string message) : Exception(Printable.Line(message));
