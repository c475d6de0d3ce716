using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Images;

/// <summary>Asks how large images are that may be the largest of a page, where the page itself does not say it.</summary>
/// <param name="source">Fetches their first bytes.</param>
/// <param name="page">The page's URL.</param>
/// <param name="options">Bounds.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class ImageSizes(ISubresourceSource source, HttpUrl page, AnalysisOptions options, AnalysisBudget budget)
{
    private const int AtATime = 4;
    private const int MaxHead = 64 * 1024;

    private readonly Dictionary<HttpUrl, ImageSize?> _known = [];

    /// <summary>The size of an image; null where it is not known.</summary>
    public ImageSize? Of(HttpUrl? url) => url is null ? null : _known.GetValueOrDefault(url);

    /// <summary>Asks for those that are likely to matter; true when something is known now that was not.</summary>
    /// <param name="images">What is displayed, as far as that can be told without their sizes.</param>
    /// <param name="client">The screen.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async ValueTask<bool> AskAsync(IEnumerable<ScreenImage> images, ClientProfile client, CancellationToken cancellation)
    {
        var asked = images
            .Where(image => image.Url is { } url && url.SameOrigin(page) && !_known.ContainsKey(url))
            .Select(image => (image.Url, Size: image.Box.Within(client) is { Width: > 0, Height: > 0 } seen ? seen.Area : 0))
            .Where(image => image.Size > 0)
            .OrderByDescending(image => image.Size)
            .Select(image => image.Url!)
            .Distinct()
            .Take(Math.Min(AtATime, options.MaxImageSizes - _known.Count))
            .ToArray();
        ReadOnlyMemory<byte>?[] heads;
        using (budget.Wait())
        {
            heads = await Task.WhenAll(asked.Select(url => source.GetImageHeadAsync(url.ToUri(), cancellation).AsTask()));
        }

        var found = false;
        for (var i = 0; i < asked.Length; i++)
        {
            var size = heads[i] is { } head ? ImageSizeReader.Read(head.Span[..Math.Min(head.Length, MaxHead)]) : null;
            found |= _known.TryAdd(asked[i], size) && size is not null;
        }

        return found;
    }
}
