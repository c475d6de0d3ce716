using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Shells;

/// <summary>
/// What a browser makes of a page whose beginning was sent before the origin answered: the same as with stock YARP, and the origin is
/// asked once.
/// </summary>
public abstract class BrowserTests(ShellSite site)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheFirstTextIsThereBeforeTheOriginAnswers(bool scripts)
    {
        var page = new ShellPage(site, scripts ? "early" : "early-still");
        await page.TeachAsync();
        page.Answers("200 OK", "Content-Type: text/html; charset=utf-8", page.Whole);
        var expected = await VisitAsync(site.Stock, page, scripts);
        await using var tab = await StartAsync(site.Proxy, page, scripts);

        var held = site.Origin.Hold(page.Path);
        await tab.GoAsync(page.At(site.Proxy, "page#part"));
        await held.ArrivedAsync();
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { } && seen.Html.Contains(ShellPage.FirstText, StringComparison.Ordinal),
            () => $"The first text never came: {seen}\n{site.Proxy.Log}",
            Patience);
        held.Release();

        await ShowsAsync(expected, tab, page);
        Assert.Contains("the rest", expected.Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers.Names), MemberType = typeof(WrongAnswers))]
    public async Task AWrongShellEndsInWhatTheOriginAnswered(string answer, bool scripts)
    {
        var page = new ShellPage(site, scripts ? answer : $"{answer}-still");
        await EndsAsWithStockAsync(page, answer, scripts, keepsFragment: scripts);
    }

    [Theory]
    [InlineData("redirect", "script-src 'none'", false)]
    [InlineData("not-found", "default-src 'self'", false)]
    [InlineData("last-byte", "frame-ancestors 'self'", true)]
    public async Task AWrongShellOfAPageWithAPolicyEndsInWhatTheOriginAnswered(string answer, string policy, bool scripts)
    {
        var page = new ShellPage(site, $"{answer}-policy", $"Content-Security-Policy: {policy}");
        await EndsAsWithStockAsync(page, answer, scripts: true, keepsFragment: scripts);
    }

    [Theory]
    [InlineData("redirect", true)]
    [InlineData("not-found", false)]
    [InlineData("last-byte", true)]
    public async Task AFormThatLedToAWrongShellIsSentOnce(string answer, bool scripts)
    {
        var page = new ShellPage(site, $"{answer}-form");
        await EndsAsWithStockAsync(
            page, answer, scripts, keepsFragment: true, tab => tab.EvaluateAsync("document.forms[0].submit() ?? ''"));
        Assert.Equal(2, site.Origin.RequestsFor(page.Path.Replace("page", "form", StringComparison.Ordinal)).Count);
    }

    [Fact]
    public async Task OfAnAnswerThatBreaksOffAfterAWrongShellTheBrowserGetsWhatThereIs()
    {
        var page = new ShellPage(site, "broken");
        await page.TeachAsync();
        var before = page.Requests;

        var expected = await BreakAsync(site.Stock, page);

        Assert.Equal(expected, await BreakAsync(site.Proxy, page));
        Assert.Equal(before + 2, page.Requests);
    }

    // A browser may throw away what comes right before the end of a connection. So the origin waits until it shows it.
    private async Task<TabState> BreakAsync(IProxy proxy, ShellPage page)
    {
        var shown = new TaskCompletionSource();
        page.Answers(async request =>
        {
            await request.WriteAsync(
                "HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 10000\r\n\r\n<!doctype html>"
                + $"<title>wrong</title>{string.Concat(Enumerable.Repeat("<p>A part.</p>", 64))}<p>The last part.</p>");
            await shown.Task;
            request.Close();
        });
        await using var tab = await StartAsync(proxy, page, scripts: true);
        await tab.GoAsync(page.At(proxy, "page#part"));
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { } && seen.Html.Contains("The last part.</p>", StringComparison.Ordinal),
            () => $"What there is of the answer never came: {seen}\n{proxy.Log}",
            Patience);
        shown.SetResult();
        return Comparable(seen!, proxy, page) with { IsComplete = false };
    }

    // Stock YARP and the program are visited in the same way; each visit is to be one request to the origin. Markup alone can't make a
    // browser load a page again and keep its fragment.
    private async Task EndsAsWithStockAsync(
        ShellPage page, string answer, bool scripts, bool keepsFragment, Func<IDrivenTab, Task>? go = null)
    {
        await page.TeachAsync();
        WrongAnswers.Give(page, answer);
        var before = page.Requests;
        var expected = await VisitAsync(site.Stock, page, scripts, go);
        Assert.Equal(before + 1, page.Requests);
        expected = keepsFragment ? expected : expected with { Url = expected.Url.Split('#')[0] };

        await using var tab = await StartAsync(site.Proxy, page, scripts);
        await (go?.Invoke(tab) ?? tab.GoAsync(page.At(site.Proxy, "page#part")));
        await ShowsAsync(expected, tab, page);
        await site.Proxy.UntilPrintedAsync($"The shell of {page.At(site.Proxy, "page").Authority}{page.Path} was wrong");

        await tab.BackAsync();
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { } && seen.Url == page.At(site.Proxy, "start").AbsoluteUri
                && seen.HistoryLength == expected.HistoryLength && seen.Html.Contains("</form>", StringComparison.Ordinal),
            () => $"Back does not lead to where the visit began: {seen}\n{site.Proxy.Log}",
            Patience);
        Assert.Equal(before + 2, page.Requests);
    }

    private async Task<TabState> VisitAsync(IProxy proxy, ShellPage page, bool scripts, Func<IDrivenTab, Task>? go = null)
    {
        await using var tab = await StartAsync(proxy, page, scripts);
        await (go?.Invoke(tab) ?? tab.GoAsync(page.At(proxy, "page#part")));
        var start = page.At(proxy, "start").AbsoluteUri;
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { IsComplete: true } && seen.Url != start,
            () => $"With stock YARP {page.Path} is not there: {seen}");
        return Comparable(seen!, proxy, page);
    }

    private async Task<IDrivenTab> StartAsync(IProxy proxy, ShellPage page, bool scripts)
    {
        var tab = await site.Browser.OpenTabAsync(scripts);
        var start = page.At(proxy, "start");
        await tab.GoAsync(start);
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { IsComplete: true } && seen.Url == start.AbsoluteUri,
            () => $"{start} does not load: {seen}");
        return tab;
    }

    private async Task ShowsAsync(TabState expected, IDrivenTab tab, ShellPage page)
    {
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab) is { } now ? Comparable(now, site.Proxy, page) : null) == expected,
            () => $"Expected {expected}\nbut saw {seen}\n{site.Proxy.Log}",
            Patience);
    }

    private static TabState Comparable(TabState state, IProxy proxy, ShellPage page) =>
        state with { Url = page.WithoutHost(proxy, state.Url), Html = page.WithoutHost(proxy, state.Html) };
}

/// <summary>In Chromium.</summary>
public sealed class ChromiumTests(ChromiumSite site) : BrowserTests(site), IClassFixture<ChromiumSite>;

/// <summary>In Firefox.</summary>
public sealed class FirefoxTests(FirefoxSite site) : BrowserTests(site), IClassFixture<FirefoxSite>;

/// <summary>In WebKit.</summary>
public sealed class WebKitTests(WebKitSite site) : BrowserTests(site), IClassFixture<WebKitSite>;
