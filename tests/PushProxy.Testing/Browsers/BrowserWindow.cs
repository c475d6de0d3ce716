using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PushProxy.Testing.Browsers;

/// <summary>One window of a <see cref="Browser"/>, and all its console has said.</summary>
public sealed class BrowserWindow
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _console = new();

    internal BrowserWindow(IPage page)
    {
        _page = page;
        page.Console += (_, message) => _console.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _console.Enqueue("uncaught: " + error);
    }

    /// <summary>Console messages since the window was opened, each as <c>type: text</c>.</summary>
    public IReadOnlyCollection<string> Console => _console;

    /// <summary>The complaints about preloads that nothing used.</summary>
    public IEnumerable<string> UnusedPreloads => _console.Where(m => m.Contains("preload", StringComparison.OrdinalIgnoreCase));

    /// <summary>Loads a page up to its load event.</summary>
    public async Task<Visit> VisitAsync(Uri url)
    {
        var response = await _page.GotoAsync(url.AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.Load })
            ?? throw new InvalidOperationException($"{url} gave no response.");
        var headers = (await response.HeadersArrayAsync()).Select(h => (h.Name.ToLowerInvariant(), h.Value)).ToArray();
        var protocol = await _page.EvaluateAsync<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol");
        return new Visit(response.Status, protocol, await _page.TitleAsync(), headers);
    }

    /// <summary>Runs JavaScript in the page and returns its value.</summary>
    public Task<T> EvaluateAsync<T>(string script) => _page.EvaluateAsync<T>(script);

    /// <summary>
    /// Waits until Chromium has looked for unused preloads: it does so once, five seconds after the load event, and there is no
    /// event for having found none.
    /// </summary>
    public Task UntilPreloadsAreCheckedAsync() => _page.EvaluateAsync(
        "() => new Promise(done => setTimeout(done, Math.max(0, 6500 - (performance.now() - "
        + "performance.getEntriesByType('navigation')[0].loadEventEnd))))");

    /// <summary>Presses a key, such as <c>Tab</c>.</summary>
    public Task PressAsync(string key) => _page.Keyboard.PressAsync(key);

    /// <summary>Makes the window another size, in CSS pixels.</summary>
    public Task ResizeAsync(int width, int height) => _page.SetViewportSizeAsync(width, height);

    /// <summary>Has the user prefer dark pages, or light ones.</summary>
    public Task PreferDarkAsync(bool dark) =>
        _page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });

    /// <summary>Returns a PNG of what the window shows, or of the whole page.</summary>
    public Task<byte[]> PictureAsync(bool wholePage = false) =>
        _page.ScreenshotAsync(new PageScreenshotOptions { FullPage = wholePage });

    /// <summary>Writes a PNG of what the window shows, or of the whole page.</summary>
    public Task<byte[]> ScreenshotAsync(string file, bool wholePage = false) =>
        _page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = wholePage });
}

/// <summary>What loading a page came to.</summary>
/// <param name="Status">Of the document.</param>
/// <param name="Protocol">Of the document: <c>h2</c>, <c>http/1.1</c>.</param>
/// <param name="Title">The page's title.</param>
/// <param name="Headers">Of the document's response, names in lower case.</param>
public sealed record Visit(int Status, string Protocol, string Title, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The values of the document's Link fields.</summary>
    public IReadOnlyList<LinkValue> Links => [.. Headers.Where(h => h.Name == "link").SelectMany(h => LinkValue.Parse(h.Value))];
}
