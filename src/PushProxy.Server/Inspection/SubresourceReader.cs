using System.Collections.Concurrent;
using Microsoft.Net.Http.Headers;
using PushProxy.Analysis;

namespace PushProxy.Server.Inspection;

/// <summary>
/// Fetches the stylesheets, modules and images of the pages to inspect from the network, each once for all pages that share it. What can't
/// be fetched in time is unknown, which is not an error.
/// </summary>
/// <param name="access">How sites are reached.</param>
/// <param name="limit">How long one may take.</param>
internal sealed class SubresourceReader(SiteAccess access, TimeSpan limit) : ISubresourceSource, IDisposable
{
    /// <summary>The version of every stylesheet.</summary>
    public const string FetchedOnce = "1";

    private const int ImageHead = 64 * 1024;

    // A page that has a substitute for a script uses it if the script's site takes longer than this.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly int _maxBytes = AnalysisOptions.Default.MaxStylesheetBytes;
    private readonly SiteClient _client = new(access, decodes: true, "text/css,*/*;q=0.1");
    private readonly ConcurrentDictionary<Uri, Lazy<Task<StylesheetText?>>> _sheets = [];
    private readonly ConcurrentDictionary<Uri, Lazy<Task<ReadOnlyMemory<byte>?>>> _others = [];

    public async ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) =>
        await _sheets.GetOrAdd(url, _ => new(() => FetchAsync(url, _maxBytes, ToStylesheet))).Value.WaitAsync(cancellation);

    public async ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
        await _others.GetOrAdd(url, _ => new(() => FetchAsync(url, _maxBytes, ToBytes))).Value.WaitAsync(cancellation);

    public async ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) =>
        await _others.GetOrAdd(url, _ => new(() => FetchAsync(url, ImageHead, ToBytes))).Value.WaitAsync(cancellation);

    public async ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) =>
        await _others.GetOrAdd(url, _ => new(() => FetchAsync(url, 1, ToBytes, Soon))).Value.WaitAsync(cancellation) is not null;

    public void Dispose() => _client.Dispose();

    // Browsers accept a stylesheet of another type only in quirks mode.
    private static StylesheetText? ToStylesheet(ReadOnlyMemory<byte> body, string? contentType) =>
        contentType is null ? new(body, null, FetchedOnce)
        : MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("text/css", StringComparison.OrdinalIgnoreCase)
            ? new(body, type.Charset.Value, FetchedOnce)
            : null;

    private static ReadOnlyMemory<byte>? ToBytes(ReadOnlyMemory<byte> body, string? contentType) => body;

    // Several pages wait for one answer, so none of them may cancel it.
    private async Task<T?> FetchAsync<T>(Uri url, int maxBytes, Func<ReadOnlyMemory<byte>, string?, T?> read, TimeSpan? soon = null)
    {
        using var time = new CancellationTokenSource(soon < limit ? soon.Value : limit);
        try
        {
            using var response = await _client.GetAsync(url, time.Token);
            var type = response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.First() : null;
            return response.IsSuccessStatusCode ? read(await SiteClient.ReadAsync(response, maxBytes, time.Token), type) : default;
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or OperationCanceledException or InvalidDataException)
        {
            return default;
        }
    }
}
