using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Stock YARP and another proxy in front of the same site.</summary>
public abstract class ProxyPair : IAsyncLifetime
{
    /// <summary>What stands behind both.</summary>
    public Site Site { get; private set; } = null!;

    /// <summary>The reference.</summary>
    public IProxy Stock { get; private set; } = null!;

    /// <summary>What is compared with it.</summary>
    public IProxy Other { get; private set; } = null!;

    /// <summary>Whether <see cref="Other"/> may add what PushProxy adds.</summary>
    public abstract bool OtherIsOurs { get; }

    /// <summary>HTTP/1.1, cleartext and TLS.</summary>
    public RawClient Raw { get; } = new();

    /// <summary>HTTP/2.</summary>
    public Http2Client Http2 { get; } = new();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync();
        Stock = await StockYarp.StartAsync(Site.Configuration, Site.Certificate);
        Other = await StartOtherAsync(Site);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http2.Dispose();
        foreach (var started in new IAsyncDisposable?[] { Other, Stock, Site })
        {
            await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Starts what is compared with stock YARP.</summary>
    protected abstract Task<IProxy> StartOtherAsync(Site site);
}

/// <summary>The product, as a process of its own, with its debug header on.</summary>
public sealed class PushProxyAndStock : ProxyPair
{
    /// <inheritdoc/>
    public override bool OtherIsOurs => true;

    /// <inheritdoc/>
    protected override async Task<IProxy> StartOtherAsync(Site site) =>
        await PushProxyProcess.StartAsync(site.Certificate, "--config", site.ConfigurationFile, "--PushProxy:Defaults:DebugHeader=true",
            // Stock has a limit for uploads.
            "--Kestrel:Limits:MaxRequestBodySize=30000000");
}

/// <summary>Stock YARP twice.</summary>
public sealed class StockAndStock : ProxyPair
{
    /// <inheritdoc/>
    public override bool OtherIsOurs => false;

    /// <inheritdoc/>
    protected override async Task<IProxy> StartOtherAsync(Site site) => await StockYarp.StartAsync(site.Configuration, site.Certificate);
}
