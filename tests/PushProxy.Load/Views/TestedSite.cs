using System.Globalization;
using PushProxy.Load.Site;
using PushProxy.Testing;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Views;

/// <summary>
/// The site that is visited: one's own, or an origin with PushProxy before it, started for the purpose, and beside it a second PushProxy
/// with delivery off.
/// </summary>
internal sealed class TestedSite : IAsyncDisposable
{
    private readonly Stack<object> _started;

    private TestedSite(Stack<object> started) => _started = started;

    /// <summary>Where visitors go.</summary>
    public required Uri Url { get; init; }

    /// <summary>The pages they view.</summary>
    public required IReadOnlyList<string> Pages { get; init; }

    /// <summary>What they trust.</summary>
    public string? Certificate { get; init; }

    /// <summary>The server's processes, as far as they run here.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];

    /// <summary>Where a PushProxy tells its counters.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>Where the origin tells what reached it from this site's proxy.</summary>
    public Uri? OriginCounts { get; init; }

    /// <summary>The same with delivery off; null if it is not to be visited, or not ours to start.</summary>
    public TestedSite? Off { get; private init; }

    /// <summary>Uses what the options name, or starts origin and proxies.</summary>
    public static async Task<TestedSite> StartAsync(ViewsOptions options)
    {
        if (options.Url is { } url)
        {
            return new TestedSite(new())
            {
                Url = url,
                Pages = options.Pages,
                Certificate = options.Certificate,
                Processes = options.Processes,
                Metrics = options.Metrics,
            };
        }

        var started = new Stack<object>();
        try
        {
            var certificate = new TestCertificate();
            started.Push(certificate);
            var origin = await ServerProcess.StartAsync(
                "origin", ServerProcess.Program("PushProxy.Load"), "origin", "--addresses", "2", "--think",
                options.Think.ToString(CultureInfo.InvariantCulture));
            started.Push(origin);
            var addresses = origin.Url.Split(' ');
            // The last of two settings counts.
            var off = options.Alone
                ? null
                : await StartProxyAsync(
                    options, certificate, addresses[1], [.. options.Settings, "PushProxy:Defaults:Delivery=off"], started, null);
            return await StartProxyAsync(options, certificate, addresses[0], options.Settings, started, off);
        }
        catch
        {
            await StopAsync(started);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_started);

    private static async Task<TestedSite> StartProxyAsync(
        ViewsOptions options,
        TestCertificate certificate,
        string origin,
        IReadOnlyList<string> settings,
        Stack<object> started,
        TestedSite? off)
    {
        var proxy = await PushProxyProcess.StartAsync(
            certificate, ["--origin", origin, "--Logging:LogLevel:Default=Warning", .. settings.Select(static s => "--" + s)]);
        started.Push(proxy);
        return new TestedSite(started)
        {
            Url = proxy.Secure,
            Pages = options.Pages.Count > 0 ? options.Pages : SiteOrigin.Pages,
            Certificate = certificate.CertificateFile,
            Processes = [proxy.ProcessId],
            Metrics = new Uri(proxy.Management, "/metrics"),
            OriginCounts = new Uri(new Uri(origin), OriginCounter.Path),
            Off = off,
        };
    }

    private static async Task StopAsync(Stack<object> started)
    {
        while (started.TryPop(out var one))
        {
            if (one is IAsyncDisposable process)
            {
                await process.DisposeAsync();
            }
            else if (one is IDisposable folder)
            {
                folder.Dispose();
            }
        }
    }
}
