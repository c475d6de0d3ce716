using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// What the analysis of one page reads besides the page. One view causes a limited number of fetches, and all of them together have a
/// limited time. What has not come by then stays unknown.
/// </summary>
/// <param name="site">Fetches and keeps the resources of all pages.</param>
/// <param name="mayFetch">Whether a resource may be fetched; null if all may.</param>
/// <param name="party">For whom the page is analysed.</param>
/// <param name="codings">The Accept-Encoding of the fetches.</param>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts what is not fetched.</param>
internal sealed class PageResources(
    SiteResources site, Func<Uri, bool>? mayFetch, Party party, string codings, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics)
    : ISubresourceSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(Math.Max(1, options.MaxConcurrentFetchesPerHost / 4));
    private CancellationTokenSource? _deadline;
    private int _fetches;

    /// <summary>Whether something was not read because it may not be fetched.</summary>
    public bool HeldBack { get; private set; }

    public ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) => ReadAsync(url, FetchKind.Style, cancellation);

    public async ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
        (await ReadAsync(url, FetchKind.Module, cancellation).ConfigureAwait(false))?.Bytes;

    public async ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) =>
        (await ReadAsync(url, FetchKind.Image, cancellation).ConfigureAwait(false))?.Bytes;

    /// <summary>Ends the fetches that nobody waits for any more.</summary>
    public void Dispose()
    {
        _deadline?.Cancel();
        _deadline?.Dispose();
    }

    private async ValueTask<StylesheetText?> ReadAsync(Uri url, FetchKind kind, CancellationToken cancellation)
    {
        if (mayFetch?.Invoke(url) == false)
        {
            HeldBack = true;
            return null;
        }

        if (site.TryFind(url, out var text))
        {
            return text;
        }

        if (Interlocked.Increment(ref _fetches) > options.MaxFetches)
        {
            metrics.Fetched(FetchOutcome.OverLimit);
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Deadline());
        try
        {
            // As many pages of one client at one host may be in progress as find places for their fetches, so none of them waits for
            // another.
            await _places.WaitAsync(limit.Token).ConfigureAwait(false);
            try
            {
                return await site.FetchAsync(url, kind, party, codings, limit.Token).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // The time begins with the first fetch. A page that waits for its turn loses none.
    private CancellationToken Deadline()
    {
        lock (_lock)
        {
            return (_deadline ??= new CancellationTokenSource(options.MaxFetchTime, time)).Token;
        }
    }
}
