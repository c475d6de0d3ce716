using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Shells;

/// <summary>The program, which sends shells after few views, stock YARP beside it, one site behind both, and a browser.</summary>
public abstract class ShellSite : IAsyncLifetime
{
    private readonly TestCertificate _certificate = new();

    /// <summary>What stands behind both.</summary>
    public ScriptedSite Origin { get; } = new();

    /// <summary>The program.</summary>
    public PushProxyProcess Proxy { get; private set; } = null!;

    /// <summary>The reference.</summary>
    public StockYarp Stock { get; private set; } = null!;

    /// <summary>Who visits them.</summary>
    public IDrivenBrowser Browser { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Stock = await StockYarp.StartAsync(
            $$"""
            {
              "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "origin", "Match": { "Path": "/{**all}" } } },
                "Clusters": { "origin": { "Destinations": { "d": { "Address": "{{Origin.Url}}" } } } }
              }
            }
            """,
            _certificate);
        Proxy = await PushProxyProcess.StartAsync(
            _certificate, "--origin", Origin.Url.AbsoluteUri, "--PushProxy:Defaults:DebugHeader=true", "--PushProxy:Defaults:Shell=on",
            "--PushProxy:Shell:After=2", "--PushProxy:Shell:Views=2", "--PushProxy:Shell:Clients=1",
            "--PushProxy:Shell:MinThinkTime=00:00:00", "--PushProxy:Learning:SharedByAddresses=1");
        Browser = await StartBrowserAsync(_certificate.SpkiHash);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var started in new IAsyncDisposable?[] { Browser, Proxy, Stock, Origin })
        {
            await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _certificate.Dispose();
    }

    /// <summary>Starts the browser.</summary>
    protected abstract Task<IDrivenBrowser> StartBrowserAsync(string spkiHash);
}

/// <summary>With Chromium.</summary>
public sealed class ChromiumSite : ShellSite
{
    /// <inheritdoc/>
    protected override async Task<IDrivenBrowser> StartBrowserAsync(string spkiHash) => await DrivenChromium.StartAsync(spkiHash);
}

/// <summary>With Firefox.</summary>
public sealed class FirefoxSite : ShellSite
{
    /// <inheritdoc/>
    protected override async Task<IDrivenBrowser> StartBrowserAsync(string spkiHash) => await Firefox.StartAsync();
}

/// <summary>With WebKit.</summary>
public sealed class WebKitSite : ShellSite
{
    /// <inheritdoc/>
    protected override async Task<IDrivenBrowser> StartBrowserAsync(string spkiHash) => await WebKit.StartAsync();
}
