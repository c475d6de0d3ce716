using PushProxy.Load.Site;
using PushProxy.Testing;
using PushProxy.Testing.Proxies;
using PushProxy.Testing.Stores;

namespace PushProxy.Load.Instances;

/// <summary>An origin, in front of it two instances that share a Redis in another network, and one that has none.</summary>
internal sealed class OutageSite : IAsyncDisposable
{
    private readonly TestCertificate _certificate = new();
    private readonly Stack<IAsyncDisposable> _started = new();

    /// <summary>Where Redis is.</summary>
    public SeparateNetwork Network { get; private set; } = null!;

    /// <summary>What the two share.</summary>
    public RedisProcess Redis { get; private set; } = null!;

    /// <summary>One that shares.</summary>
    public PushProxyProcess First { get; private set; } = null!;

    /// <summary>The other.</summary>
    public PushProxyProcess Second { get; private set; } = null!;

    /// <summary>The one that has no Redis.</summary>
    public PushProxyProcess Alone { get; private set; } = null!;

    /// <summary>PEM.</summary>
    public string Certificate => _certificate.CertificateFile;

    /// <summary>What two of them are called; they would be two sites if each were called by its own port.</summary>
    public string Authority => First.Secure.Authority;

    /// <summary>The three, with what the table calls them.</summary>
    public IReadOnlyList<(string Name, PushProxyProcess Proxy)> Proxies =>
        [("no Redis", Alone), ("Redis, first", First), ("Redis, second", Second)];

    /// <summary>Starts all of it.</summary>
    /// <param name="think">Milliseconds that the origin waits before it sends a page.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<OutageSite> StartAsync(int think, CancellationToken cancellation)
    {
        var site = new OutageSite();
        try
        {
            site.Network = site.Keep(await SeparateNetwork.StartAsync(cancellation));
            site.Redis = site.Keep(await RedisProcess.StartAtAsync(SeparateNetwork.Address, site.Network.Prefix));
            var origin = site.Keep(await ServerProcess.StartAsync(
                "origin", ServerProcess.Program("PushProxy.Load"), "origin", "--addresses", "1", "--think", $"{think}"));
            async Task<PushProxyProcess> Start(params string[] options) => site.Keep(await PushProxyProcess.StartAsync(
                site._certificate, ["--origin", origin.Url, "--Logging:LogLevel:Default=Warning", .. options]));
            site.Alone = await Start();
            site.First = await Start($"--PushProxy:Shared:Redis={site.Redis.Connection}");
            site.Second = await Start($"--PushProxy:Shared:Redis={site.Redis.Connection}");
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Learns an article that nobody has asked for at the first one.</summary>
    /// <returns>The page, by the name of the instances.</returns>
    public async Task<string> LearnAsync(string article, CancellationToken cancellation)
    {
        var url = new Uri(First.Secure, SiteOrigin.Articles + article);
        await ToldPages.LearnAsync(url, Authority, First.Management, cancellation);
        return Authority + url.AbsolutePath;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }

        _certificate.Dispose();
    }

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }
}
