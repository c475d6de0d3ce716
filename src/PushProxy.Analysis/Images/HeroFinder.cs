using PushProxy.Analysis.Layout;

namespace PushProxy.Analysis.Images;

/// <summary>Finds the image likely to be the largest contentful paint of a page.</summary>
/// <param name="client">The screen.</param>
/// <param name="natural">The size of an image; null where it is not known.</param>
internal sealed class HeroFinder(ClientProfile client, Func<ScreenImage, ImageSize?> natural)
{
    // Below this, text of one line is larger.
    private const double LeastArea = 4000;

    // Text is measured without its font: an image must be about as large as it seems to be.
    private const double TextShare = 0.8;

    /// <summary>The image; null where none is likely to be the largest, or where it is one that is not to be delivered.</summary>
    public ScreenImage? Find(IReadOnlyList<ScreenImage> images, IEnumerable<Rect> texts)
    {
        var (best, size) = ((ScreenImage?)null, 0.0);
        foreach (var image in images)
        {
            if (image.SizeOn(client, natural(image)) is var area && area > size)
            {
                (best, size) = (image, area);
            }
        }

        // Who asks for a high priority knows which image it is.
        var (marked, markedSize) = images.Where(IsMarked)
            .Select(image => ((ScreenImage?)image, image.SizeOn(client, natural(image))))
            .DefaultIfEmpty().MaxBy(both => both.Item2);
        if (marked is not null && markedSize > size / 4)
        {
            return marked;
        }

        var text = texts.Select(rect => rect.Within(client)).Where(rect => rect is { Width: > 0, Height: > 0 }).Select(rect => rect.Area)
            .DefaultIfEmpty().Max();
        return best is null || size < LeastArea || size < text * TextShare ? null : best;
    }

    private static bool IsMarked(ScreenImage image) =>
        !image.IsBackground && "high".Equals(image.Node.Attribute("fetchpriority"), StringComparison.OrdinalIgnoreCase);
}
