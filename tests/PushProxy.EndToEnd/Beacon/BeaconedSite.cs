using PushProxy.EndToEnd.Shells;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Beacon;

/// <summary>The program with the beacon, which stores pages, compresses, and sends shells after few views.</summary>
public sealed class BeaconedSite : ShellCase, IAsyncLifetime
{
    /// <summary>The program.</summary>
    public PushProxyProcess Proxy { get; private set; } = null!;

    /// <summary>What pages of <see cref="Shop"/> begin with.</summary>
    public static string Start => Beginning;

    /// <summary>What stands behind it.</summary>
    public new ScriptedSite Origin => base.Origin;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Proxy = await StartShellsAsync(
        "--PushProxy:Defaults:Beacon=true", "--PushProxy:Defaults:Cache=all", "--PushProxy:Defaults:Compression=true");

    /// <summary>Sets a page that begins alike each time, and is not stored: what is stored gets no shell.</summary>
    public void Shop(string path) => Shop(path, "Content-Type: text/html; charset=utf-8\nCache-Control: private");

    /// <summary>Asks for a page until it begins with a shell.</summary>
    public Task<NodeAnswer> LearnAsync(string path) => LearnAsync(Proxy, path);

    /// <inheritdoc/>
    public new async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await base.DisposeAsync();
    }
}
