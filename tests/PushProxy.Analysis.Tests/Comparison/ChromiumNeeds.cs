using Microsoft.Playwright;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>Asks Chromium what a page needed: on a screen of 1280 x 720, with nothing cached.</summary>
internal static class ChromiumNeeds
{
    // Behind the load event: fonts have arrived and what was hidden for them is painted.
    private const int SettleMilliseconds = 350;

    private const string Watch =
        "window.paints = []; new PerformanceObserver(list => window.paints.push(...list.getEntries().map(e => e.url))).observe({ type: 'largest-contentful-paint', buffered: true });";

    /// <summary>Shows a page and asks.</summary>
    public static async Task<PageNeeds> AskAsync(IBrowser browser, Uri address)
    {
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        var fonts = new HashSet<string>();
        page.Request += (_, request) =>
        {
            if (request.ResourceType == "font")
            {
                fonts.Add(request.Url);
            }
        };
        await page.GotoAsync(address.AbsoluteUri, new() { WaitUntil = WaitUntilState.Load });
        await page.WaitForTimeoutAsync(SettleMilliseconds);
        var blocking = await page.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)");
        var paints = await page.EvaluateAsync<string[]>("window.paints");
        return new(Own(blocking), Own(fonts), Own(paints.TakeLast(1)));

        HashSet<string> Own(IEnumerable<string> urls) =>
            [.. urls.Select(url => url.Split('#')[0]).Where(url => url.StartsWith(address.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal))];
    }
}
