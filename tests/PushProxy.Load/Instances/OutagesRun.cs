using System.Diagnostics;
using System.Globalization;
using PushProxy.Load.Site;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Instances;

/// <summary>Visitors of two instances that lose their Redis in one way after the other, and of one that has none, all at the same time.</summary>
/// <param name="protocol">What visitors speak.</param>
/// <param name="rate">Views a second, of each instance.</param>
/// <param name="seconds">How long the views of each outage begin.</param>
/// <param name="rounds">How often all of them are looked at. In the first, much is done for the first time.</param>
/// <param name="think">Milliseconds that the origin waits before it sends a page.</param>
internal sealed class OutagesRun(VisitProtocol protocol, double rate, int seconds, int rounds, int think)
{
    /// <summary>Redis is there for a tenth of the time, then gone until half of it is over.</summary>
    private const double LostAt = 0.1, BackAt = 0.5;

    private const int WarmUp = 15;

    // Time for the visitors' processes to start, so that they take turns.
    private static readonly TimeSpan Preparation = TimeSpan.FromSeconds(1.5);

    private static readonly string[] Heads =
    [
        "Redis", "instance", "views", "failed", "late", "first byte p50", "p99", "longest", "complete p50", "p99", "longest, ms",
        "same after, s",
    ];

    /// <returns>The exit code: 0 if no view failed or was late, and both knew the same in time.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var site = await OutageSite.StartAsync(think, cancellation);
        await VisitAsync(site, WarmUp, 0, cancellation);
        var (rows, holds) = (new List<string[]>(), true);
        var outages = Outage.All(site.Redis, site.Network);
        foreach (var (number, outage) in Enumerable.Repeat(outages, rounds).SelectMany(static o => o).Index())
        {
            var round = 1 + (number / outages.Count);
            Console.WriteLine($"{round}: {outage.Name} …");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var lost = LoseAsync(site, outage, number, stop.Token);
            try
            {
                var visits = await VisitAsync(site, seconds, number + 1, cancellation);
                var (took, different) = await lost;
                holds &= different is null
                    && visits.All(static v => v.Counts is { Errors: 0, Views: { Failed: 0, Late: 0, Finished: > 0 } });
                rows.AddRange(visits.Select((v, i) => Row(
                    $"{round}: {outage.Name}", site.Proxies[i].Name, v, i == 0 ? "" : different is null ? Text(took.TotalSeconds, 1) : "no")));
                Tell(visits, different);
            }
            finally
            {
                await stop.CancelAsync();
                await lost.ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }

        Console.WriteLine();
        TextTable.Print(Heads, rows, Console.Out);
        foreach (var (name, proxy) in site.Proxies)
        {
            Console.WriteLine($"{name}: {proxy.LinesWith("fail:").Count()} errors, {proxy.LinesWith("warn:").Count()} warnings in the log");
        }

        return holds ? 0 : 1;
    }

    private async Task<(TimeSpan Took, string? Different)> LoseAsync(
        OutageSite site, Outage outage, int number, CancellationToken cancellation)
    {
        await Task.Delay(Preparation + TimeSpan.FromSeconds(LostAt * seconds), cancellation);
        var begin = Stopwatch.GetTimestamp();
        await outage.LoseAsync();
        string page;
        try
        {
            page = await site.LearnAsync(string.Create(CultureInfo.InvariantCulture, $"{1000 + number}"), cancellation);
            if (TimeSpan.FromSeconds((BackAt - LostAt) * seconds) - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, cancellation);
            }

            if (outage.IsSilent && await ToldPages.HasAsync(site.Second.Management, page, cancellation))
            {
                throw new InvalidOperationException($"Redis was not gone: what one instance has learned came to the other ({outage.Name}).");
            }
        }
        finally
        {
            await outage.BackAsync();
        }

        return await ToldPages.UntilSameAsync(
            site.First.Management, site.Second.Management, page, Stopwatch.GetTimestamp(), cancellation);
    }

    // They take turns, so that whatever drifts on this machine hits all.
    private Task<VisitResult[]> VisitAsync(OutageSite site, int duration, int seed, CancellationToken cancellation)
    {
        var start = DateTimeOffset.UtcNow + Preparation;
        return Task.WhenAll(site.Proxies.Select((p, i) => Visitors.RunAsync(
            Plan(site, p.Proxy) with
            {
                Duration = TimeSpan.FromSeconds(duration),
                Start = start + TimeSpan.FromSeconds(i / rate / site.Proxies.Count),
                Seed = seed + 1,
            },
            null,
            cancellation)));
    }

    private VisitPlan Plan(OutageSite site, PushProxyProcess proxy) => new()
    {
        Url = proxy == site.Alone ? proxy.Secure : site.First.Secure,
        Port = proxy.Secure.Port,
        Pages = SiteOrigin.Pages,
        Protocol = protocol,
        Rate = rate,
        Returning = 0.4,
        Cancelled = 0.05,
        Certificate = site.Certificate,
    };

    private static string[] Row(string outage, string name, VisitResult visits, string same)
    {
        var (views, times) = (visits.Counts.Views, visits.All);
        return
        [
            outage, name, Text(views.Finished + views.Failed, 0), Text(views.Failed, 0), Text(views.Late, 0),
            Text(times.FirstByte.P50, 1), Text(times.FirstByte.P99, 1), Text(times.FirstByte.Max, 1),
            Text(times.Complete.P50, 1), Text(times.Complete.P99, 1), Text(times.Complete.Max, 1), same,
        ];
    }

    private static void Tell(IEnumerable<VisitResult> visits, string? different)
    {
        foreach (var error in visits.SelectMany(static v => v.Samples))
        {
            Console.WriteLine($"  {error.Kind} {error.Url} {error.What}");
        }

        if (different is not null)
        {
            Console.WriteLine($"  {ToldPages.Limit.TotalSeconds} s after Redis was back, they differ: {different}");
        }
    }

    private static string Text(double? number, int digits) =>
        number is { } of ? of.ToString(digits == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) : "-";
}
