using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Beacon;

/// <summary>What browsers tell of pages, and that no policy of a page is broken for it.</summary>
public abstract class BrowserTests : InFrontOfAnOrigin
{
    private const string Report = "; report-uri /report";

    // As if the visitor went to another tab.
    private const string Hide =
        "(() => { Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
        + " document.dispatchEvent(new Event('visibilitychange')); return String(window.violations ?? ''); })()";

    /// <summary>Starts the browser.</summary>
    protected abstract Task<IDrivenBrowser> StartBrowserAsync(string spkiHash);

    [Fact]
    public async Task A_browser_tells_when_it_painted_and_no_policy_is_broken()
    {
        await using var proxy = await StartAsync("--PushProxy:Defaults:Beacon=true");
        await using var browser = await StartBrowserAsync(Certificate.SpkiHash);
        await using var tab = await browser.OpenTabAsync();
        Origin.On("/report", "204 No Content", "X-Kind: report", "");
        Page("/free/page", "");
        Page("/self/page", "default-src 'self'");
        Page("/nonce/page", "default-src 'self'; script-src 'strict-dynamic' 'nonce-R4nd0m'");
        Page("/none/page", "default-src 'none'");
        Page("/connect/page", "script-src 'self'; connect-src 'none'");

        await PoliciesWithinAsync(tab, proxy);
        var told = 1;
        foreach (var folder in new[] { "free", "self", "nonce" })
        {
            await LoadAsync(tab, proxy, $"/{folder}/page?q=1");
            await WithScriptAsync(tab, expected: true);
            await tab.EvaluateAsync(Hide);

            // Once more, as after Back: it tells once.
            await tab.EvaluateAsync(Hide);
            await ToldAsync(proxy, ++told);
        }

        // A visitor who simply goes on to the next page tells, too.
        await LoadAsync(tab, proxy, "/free/page");
        await WithScriptAsync(tab, expected: true);
        foreach (var folder in new[] { "none", "connect" })
        {
            await LoadAsync(tab, proxy, $"/{folder}/page");
            await WithScriptAsync(tab, expected: false);
            await tab.EvaluateAsync(Hide);
        }

        await ToldAsync(proxy, ++told);
        Assert.Equal(2, await proxy.MetricAsync("pushproxy_beacon_pages_total", "outcome=\"security-policy\""));
        Assert.Empty(Origin.RequestsFor("/report"));
        foreach (var measure in new[] { "fcp", "lcp", "ttfb" })
        {
            Assert.Equal(told, await proxy.MetricAsync("pushproxy_beacon_time_seconds_count", $"measure=\"{measure}\""));
            Assert.True(await proxy.MetricAsync("pushproxy_beacon_time_seconds_sum", $"measure=\"{measure}\"") > 0);
        }

        Assert.Equal(told, await proxy.MetricAsync("pushproxy_beacon_records_total"));
    }

    // What stands in the page itself comes behind the tag. The script looks for it, and breaks none.
    private async Task PoliciesWithinAsync(IDrivenTab tab, PushProxyProcess proxy)
    {
        const string noted = "<link rel=icon href=data:,>"
            + "<script>addEventListener('securitypolicyviolation', e => window.violations = e.violatedDirective)</script>";
        Origin.Page("/closed", $"{noted}<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:\">");
        Origin.Page("/open", $"{noted}<meta http-equiv=content-security-policy content=\"default-src 'self'; img-src data:\">");
        foreach (var path in new[] { "/closed", "/open" })
        {
            await LoadAsync(tab, proxy, path);
            await WithScriptAsync(tab, expected: true);
            Assert.Equal("", await tab.EvaluateAsync(Hide));
            Assert.Equal("", await tab.EvaluateAsync("String(window.violations ?? '')"));
        }

        await ToldAsync(proxy, 1);
        Assert.Equal(1, await proxy.MetricAsync("pushproxy_beacon_records_total"));
    }

    private void Page(string path, string policy) => Origin.Page(
        path, "<link rel=icon href=data:,>", policy.Length == 0 ? "X-Kind: page" : $"Content-Security-Policy: {policy}; img-src data:{Report}");

    private static async Task LoadAsync(IDrivenTab tab, PushProxyProcess proxy, string path)
    {
        var url = new Uri(proxy.Secure, path).AbsoluteUri;
        await tab.GoAsync(new Uri(url));
        TabState? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await TabState.OfAsync(tab)) is { IsComplete: true } && seen.Url == url,
            () => $"{url} does not load: {seen}\n{proxy.Log}");

        // A page that is not painted yet has nothing to tell.
        await Eventually.TrueAsync(
            async () => await tab.EvaluateAsync(
                "String(performance.getEntriesByName('first-contentful-paint').length)") == "1",
            () => $"{url} is not painted.");
    }

    private static async Task WithScriptAsync(IDrivenTab tab, bool expected) => Assert.Equal(
        expected ? "true" : "false", await tab.EvaluateAsync("String(document.head.firstChild.outerHTML.includes('pushproxy/beacon-'))"));

    private static Task ToldAsync(PushProxyProcess proxy, int count) => Eventually.EqualAsync(
        count, async () => (int)await proxy.MetricAsync("pushproxy_beacon_records_total", "outcome=\"no-view\""));
}

/// <summary>In Chromium.</summary>
public sealed class ChromiumTests : BrowserTests
{
    /// <inheritdoc/>
    protected override async Task<IDrivenBrowser> StartBrowserAsync(string spkiHash) => await DrivenChromium.StartAsync(spkiHash);
}

/// <summary>In Firefox.</summary>
public sealed class FirefoxTests : BrowserTests
{
    /// <inheritdoc/>
    protected override async Task<IDrivenBrowser> StartBrowserAsync(string spkiHash) => await Firefox.StartAsync();
}
