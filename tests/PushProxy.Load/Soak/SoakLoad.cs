using System.Globalization;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Probes;
using PushProxy.Load.Soak.Sharing;
using PushProxy.Load.Soak.Watching;
using PushProxy.Testing.Clients;

namespace PushProxy.Load.Soak;

/// <summary>The good traffic through both proxies, the faults beside it, and whoever watches.</summary>
internal sealed class SoakLoad(
    TimeSpan length, FaultLog faults, OriginProcess origin, WatchedProcess ours, WatchedProcess stock, ProxyFiles files,
    SharedInstances shared)
{
    private const int AtOnce = 8;

    /// <summary>Each of the two that share a Redis has so much of the views.</summary>
    private const double SharedRate = 1.0 / 3;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    /// <summary>Pairs of requests.</summary>
    public ProbeTally Probes { get; } = new();

    /// <summary>Visitors of PushProxy.</summary>
    public VisitTraffic Visits { get; } = new(ours.Url, faults, length);

    /// <summary>Visitors of stock YARP.</summary>
    public VisitTraffic StockVisits { get; } = new(stock.Url, faults, length);

    /// <summary>PushProxy's memory.</summary>
    public MemoryWatch Memory { get; } = new(ours, faults, length);

    /// <summary>Stock YARP's memory.</summary>
    public MemoryWatch StockMemory { get; } = new(stock, faults, length);

    /// <summary>Runs all of it, to the end or to the first part that can't go on.</summary>
    public async Task RunAsync(double viewRate, double pairRate, CancellationToken cancellation)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var stop = new CancellationTokenSource(length * 0.98);
        using var askOurs = new ProbeClient(ours.Url);
        using var askStock = new ProbeClient(stock.Url);
        using var client = new HttpClient(Http2Client.NewHandler());
        var reloads = new ReloadFaults(files, ours, client);
        List<Task> parts =
        [
            Visits.RunAsync(viewRate, all.Token),
            StockVisits.RunAsync(viewRate, all.Token),
            .. shared.Visits.Select(v => v.RunAsync(viewRate * SharedRate, all.Token)),
            new ProbeTraffic(askOurs, askStock, faults, Probes).RunAsync(pairRate, stop.Token, all.Token),
            Memory.RunAsync(all.Token),
            StockMemory.RunAsync(all.Token),
            ProgressAsync(all.Token),
            .. SoakPlan.Of(length).Select(lane => LaneAsync(lane, reloads, askOurs, all.Token)),
        ];
        try
        {
            await foreach (var part in Task.WhenEach(parts))
            {
                await part;
            }
        }
        catch (Exception) when (!ours.Lives)
        {
            faults.Say("PushProxy has ended: " + string.Join('\n', ours.Log.Last.TakeLast(20)));
        }
        finally
        {
            await all.CancelAsync();
            await Task.WhenAll(parts).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task LaneAsync(IReadOnlyList<PlannedFault> lane, ReloadFaults reloads, ProbeClient client, CancellationToken cancellation)
    {
        // What is late takes the time of what comes after: nothing begins when the good traffic has ended.
        foreach (var planned in lane.Where(_ => faults.Now < length * 0.96))
        {
            if (planned.At > faults.Now)
            {
                await Task.Delay(planned.At - faults.Now, cancellation);
            }

            await faults.RunAsync(planned.Kind, () => planned.Kind switch
            {
                FaultKind.Reload => reloads.ReloadAsync(cancellation),
                FaultKind.BadReload => reloads.BadReloadAsync(cancellation),
                FaultKind.Certificate => reloads.CertificateAsync(cancellation),
                FaultKind.BadCertificate => reloads.BadCertificateAsync(cancellation),
                FaultKind.RedisHalt or FaultKind.RedisRestart or FaultKind.RedisFlush =>
                    shared.LoseAsync(planned.Kind, planned.Slot, cancellation),
                FaultKind.SlowReaders => SlowReaders.RunAsync(ours.Url, planned.Slot, cancellation),
                FaultKind.VanishingClients => VanishingClients.RunAsync(ours.Url, cancellation),
                FaultKind.Garbage => GarbageClients.RunAsync(ours.Url, AtOnce, cancellation),
                FaultKind.BadCookies => BadCookies.RunAsync(client, faults, cancellation),
                _ => OriginFaults.RunAsync(origin, planned, cancellation),
            });
        }
    }

    private async Task ProgressAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ProgressEvery);
        while (faults.Now < length)
        {
            await timer.WaitForNextTickAsync(cancellation);
            var inside = await ours.AskAsync(collect: false, cancellation);
            var (probes, visits) = (Probes.Counts, Visits.Seen);
            faults.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{visits.Views} views, {visits.Pushes} pushes, {probes.Pairs} pairs; against PushProxy: "
                + $"{visits.Errors + probes.Failures.Count}; "
                + $"{inside.Gauge("kestrel.active_connections:" + ours.Url.Port)} connections, "
                + $"{inside.Gauge("http.server.active_requests")} requests; "
                + $"{Memory.Resident / (1 << 20)} MiB, heap {inside.Heap / (1 << 20)} MiB; {ours.Threads} threads"));
        }
    }
}
