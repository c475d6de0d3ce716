using Microsoft.Playwright;

namespace PushProxy.Testing.Browsers;

/// <summary>Debian's Chromium, headless, talking to nobody but loopback.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it.</summary>
    /// <param name="spkiHashes">The public keys it is to trust (<see cref="TestCertificate.SpkiHash"/>).</param>
    public static async Task<Browser> StartAsync(params string[] spkiHashes)
    {
        var chromium = ExternalTool.Require("chromium");
        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = chromium,
                Headless = true,
                ChromiumSandbox = false,
                Timeout = 90_000,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                    // Not --ignore-certificate-errors: with it Chromium caches nothing.
                    .. spkiHashes.Length > 0
                        ? ["--ignore-certificate-errors-spki-list=" + string.Join(',', spkiHashes)]
                        : Array.Empty<string>(),
                ],
            });
            return new Browser(playwright, browser);
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A new window with its own cookies and cache.</summary>
    /// <param name="scripts">Whether pages may run scripts in it. A test may, whatever this says.</param>
    public async Task<BrowserWindow> OpenWindowAsync(bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = scripts });
        context.SetDefaultTimeout(60_000);
        return new BrowserWindow(await context.NewPageAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
