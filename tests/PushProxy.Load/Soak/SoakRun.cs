using System.Globalization;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Sharing;
using PushProxy.Load.Soak.Verdict;
using PushProxy.Load.Soak.Watching;
using PushProxy.Testing.Clients;

namespace PushProxy.Load.Soak;

/// <summary>One soak, from the start of its servers to what was left of them.</summary>
/// <param name="length">How long the load lasts.</param>
/// <param name="viewRate">Page views a second.</param>
/// <param name="pairRate">Pairs of single requests a second.</param>
/// <param name="log">Where to keep what PushProxy logs; null: nowhere.</param>
internal sealed class SoakRun(TimeSpan length, double viewRate, double pairRate, string? log)
{
    private const int Attempts = 20;

    /// <summary>Runs it. Whatever happens, nothing is left running, and no file.</summary>
    public async Task<SoakObservations> RunAsync(CancellationToken cancellation)
    {
        // 1. The origin, and in front of it PushProxy, with files of its own, and stock YARP.
        using var folder = new SoakFolder();
        await using var origin = await OriginProcess.StartAsync(cancellation);
        var files = new ProxyFiles(folder.Path, origin.Url);
        await files.WriteAsync(revision: 0);
        await files.WriteCertificateAsync();
        string[] tls = ["--cert", files.Certificate, "--key", files.Key];
        await using var copy = log is null ? null : new StreamWriter(log) { AutoFlush = true };
        var program = new ProxyProgram(
            "PushProxy",
            "pushproxy",
            [
                "run", "--config", files.Configuration, "--listen", "https://127.0.0.1:0",
                "--PushProxy:Management:Listen=http://127.0.0.1:0", .. ForwardingOnly.Arguments, .. tls,
            ])
        {
            HasManagement = true,
            LogCopy = copy,
        };
        await using var ours = await WatchedProcess.StartAsync(program, folder.Path, cancellation);
        var reference = new ProxyProgram("stock YARP", "PushProxy.Load", ["stock", "--origin", origin.Url.AbsoluteUri, .. tls]);
        await using var stock = await WatchedProcess.StartAsync(reference, folder.Path, cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{length.TotalMinutes:0.##} minutes, {viewRate:0.##} page views and {pairRate:0.##} single requests a second through each "
            + $"of PushProxy ({ours.Url}) and stock YARP ({stock.Url})"));

        // 2. Load and faults.
        var before = ours.OpenDescriptors(origin.Url.Port);
        var faults = new FaultLog();
        await using var shared = await SharedInstances.StartAsync(folder.Path, tls, faults, length, cancellation);
        var load = new SoakLoad(length, faults, origin, ours, stock, files, shared);
        await load.RunAsync(viewRate, pairRate, cancellation);

        // 3. What it can do now, and what it has counted.
        faults.Say("the load is over");
        var pushed = ours.Lives ? await PushedAsync(ours.Url, cancellation) : [];
        var metrics = ours.Lives ? await ours.MetricsAsync(cancellation) : new Dictionary<string, double>();

        // 4. What it keeps when all clients are gone, and the origin, too.
        await origin.StopAsync();
        faults.Say("everybody is gone; waiting for the proxy to close what it has open");
        var accounting = ours.Lives
            ? await Accounting.SettleAsync(ours, origin.Url.Port, before, cancellation)
            : Accounting.Nothing(before);
        var inside = ours.Lives ? await ours.AskAsync(collect: true, cancellation) : null;
        return new SoakObservations
        {
            Length = length,
            Faults = faults.All,
            Probes = load.Probes.Counts,
            Visits = load.Visits.Seen,
            StockVisits = load.StockVisits.Seen,
            SharedVisits = [.. shared.Visits.Select(static v => v.Seen)],
            SharedErrors = [.. shared.Errors],
            Memory = load.Memory.Series,
            StockMemory = load.StockMemory.Series,
            Accounting = accounting,
            Lives = ours.Lives,
            LogErrors = ours.Log.Errors,
            LogLines = ours.Log.Counts,
            Unobserved = inside?.Unobserved ?? [],
            Metrics = metrics,
            PushedAtEnd = pushed,
        };
    }

    /// <summary>Asks for a page that nobody has asked for, over new connections, until it has been learned.</summary>
    /// <returns>What was pushed with it, to the end.</returns>
    private static async Task<IReadOnlyList<string>> PushedAsync(Uri proxy, CancellationToken cancellation)
    {
        for (var i = 0; i < Attempts; i++)
        {
            await using var client = NodeConnection.Open(proxy);
            var page = await client.GetAsync(
                SoakSite.Fresh, "accept: text/html,*/*;q=0.8", "sec-fetch-dest: document", "sec-fetch-mode: navigate");
            var pushed = page.Pushes.Where(static p => p is { Status: 200, Code: 0 } && p.Body.Length == SoakSite.Find(p.Path)?.Body.Length)
                .Select(static p => p.Path).ToList();
            if (pushed.Count > 0)
            {
                return pushed;
            }

            await Task.Delay(250, cancellation);
        }

        return [];
    }
}
