namespace PushProxy.Testing.Browsers;

/// <summary>A browser of any make, as far as all of them can be driven alike. Names under <c>localhost</c> are this machine.</summary>
public interface IDrivenBrowser : IAsyncDisposable
{
    /// <summary>Opens an empty tab.</summary>
    /// <param name="scripts">Whether pages may run scripts in it. A test may, whatever this says.</param>
    Task<IDrivenTab> OpenTabAsync(bool scripts = true);
}

/// <summary>
/// One tab of an <see cref="IDrivenBrowser"/>. Nothing waits for a page to load: a test looks until it sees what it waits for.
/// </summary>
public interface IDrivenTab : IAsyncDisposable
{
    /// <summary>Begins to load a page, as if a user had typed its address.</summary>
    Task GoAsync(Uri url);

    /// <summary>Presses the Back button.</summary>
    Task BackAsync();

    /// <summary>Runs JavaScript in the page, which has to be a string.</summary>
    Task<string> EvaluateAsync(string expression);

    /// <summary>The address that the tab shows, even of a page that could not be loaded.</summary>
    Task<string> UrlAsync();
}

/// <summary>A tab of a browser that draws what it shows for whoever drives it.</summary>
public interface IPicturedTab : IDrivenTab
{
    /// <summary>Makes the tab another size, in CSS pixels.</summary>
    Task ResizeAsync(int width, int height);

    /// <summary>Returns a PNG of the whole page.</summary>
    Task<byte[]> PictureAsync();
}

/// <summary>What a tab shows.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Html">Its DOM, or the text of a page that the browser itself has made.</param>
/// <param name="HistoryLength">How many pages it has been at that one can go to.</param>
/// <param name="Cookies">The page's cookies that scripts may see.</param>
/// <param name="IsComplete">Whether it has been loaded.</param>
public sealed record TabState(string Url, string Html, int HistoryLength, string Cookies, bool IsComplete)
{
    // A browser makes pages of its own where it gets none. They are long, and of each only the text is the same each time. To WebKit a page
    // that one leaves before its load event has ended is none that one goes back to.
    private const string Script =
        "JSON.stringify([document.readyState == 'complete' && performance.timing.loadEventEnd > 0, history.length,"
        + " ...(/^https:|^about:blank$/.test(location.href) ? [document.documentElement.outerHTML, document.cookie, location.href]"
        + " : [document.title + ' ' + document.body?.innerText, ''])])";

    /// <summary>Looks at a tab.</summary>
    /// <returns>Null while it shows nothing, because a page is just becoming another.</returns>
    public static async Task<TabState?> OfAsync(IDrivenTab tab)
    {
        ArgumentNullException.ThrowIfNull(tab);
        try
        {
            var seen = System.Text.Json.JsonDocument.Parse(await tab.EvaluateAsync(Script)).RootElement;
            return new TabState(
                seen.GetArrayLength() > 4 ? seen[4].GetString()! : await tab.UrlAsync(),
                seen[2].GetString()!, seen[1].GetInt32(), seen[3].GetString()!, seen[0].GetBoolean());
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
