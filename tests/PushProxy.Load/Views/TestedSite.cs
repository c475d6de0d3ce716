using System.Globalization;
using PushProxy.Load.Site;
using PushProxy.Testing;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Views;

/// <summary>The site that is visited: one's own, or an origin with PushProxy before it, started for the purpose.</summary>
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

    /// <summary>Uses what the options name, or starts origin and proxy.</summary>
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
                "origin", ServerProcess.Program("PushProxy.Load"), "origin", "--think",
                options.Think.ToString(CultureInfo.InvariantCulture));
            started.Push(origin);
            var proxy = await PushProxyProcess.StartAsync(
                certificate,
                ["--origin", origin.Url, "--Logging:LogLevel:Default=Warning", .. options.Settings.Select(static s => "--" + s)]);
            started.Push(proxy);
            return new TestedSite(started)
            {
                Url = proxy.Secure,
                Pages = options.Pages.Count > 0 ? options.Pages : SiteOrigin.Pages,
                Certificate = certificate.CertificateFile,
                Processes = [proxy.ProcessId],
                Metrics = new Uri(proxy.Management, "/metrics"),
            };
        }
        catch
        {
            await StopAsync(started);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_started);

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
