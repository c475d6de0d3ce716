namespace PushProxy.Load.PageLoad;

/// <summary>What the page itself can tell of its load, ms from the start of navigation.</summary>
/// <param name="FirstContentfulPaint">Paint Timing.</param>
/// <param name="LargestContentfulPaint">Of those before it was asked.</param>
/// <param name="LargestImage">Path of the image that was the largest; empty: it was text.</param>
/// <param name="Load">The end of the load event.</param>
/// <param name="Protocol">The page came over: <c>h2</c>.</param>
/// <param name="Font">Whether the page's font is in use.</param>
/// <param name="BrokenImages">Images that were not decoded.</param>
internal sealed record PageMetrics(
    double FirstContentfulPaint, double LargestContentfulPaint, string LargestImage, double Load, string Protocol, bool Font,
    int BrokenImages)
{
    /// <summary>JavaScript that collects them, once there has been time for late paints.</summary>
    public const string Script = """
        new Promise(done => {
          let largest = { startTime: 0, url: '' };
          new PerformanceObserver(list => { for (const entry of list.getEntries()) largest = entry.startTime > largest.startTime ? entry : largest; })
            .observe({ type: 'largest-contentful-paint', buffered: true });
          setTimeout(() => {
            const page = performance.getEntriesByType('navigation')[0];
            done({
              firstContentfulPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
              largestContentfulPaint: largest.startTime,
              largestImage: largest.url && new URL(largest.url).pathname,
              load: page.loadEventEnd,
              protocol: page.nextHopProtocol,
              font: document.fonts.check('16px Shop'),
              brokenImages: [...document.images].filter(image => !image.naturalWidth).length,
            });
          }, 500);
        })
        """;
}
