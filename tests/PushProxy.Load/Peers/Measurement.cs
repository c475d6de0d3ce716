using System.Globalization;

namespace PushProxy.Load.Peers;

/// <summary>One piece of work, done by each peer, turn by turn.</summary>
internal static class Measurement
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SamplePause = TimeSpan.FromMilliseconds(250);

    /// <param name="work">What they do.</param>
    /// <param name="servers">Who does it.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="warmUps">The most runs that do not count; null: as many as each peer needs.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<WorkReport> RunAsync(
        Work work, IReadOnlyList<PeerServer> servers, int rounds, int? warmUps, CancellationToken cancellation)
    {
        Console.WriteLine($"\n{work.Name}: {work.What}");
        for (var i = 0; i < (warmUps ?? servers.Max(static s => s.Peer.WarmUps)); i++)
        {
            Progress($"{work.Name}: warm-up {i + 1}");
            foreach (var server in servers.Where(s => i < (warmUps ?? s.Peer.WarmUps)))
            {
                await work.RunAsync(server, cancellation);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }

        var runs = servers.ToDictionary(static s => s, static _ => new List<Run>());
        for (var i = 0; i < rounds; i++)
        {
            // Another one begins each round, so that what drifts hits all.
            for (var j = 0; j < servers.Count; j++)
            {
                var server = servers[(i + j) % servers.Count];
                Progress($"{work.Name}: round {i + 1} of {rounds}, {server.Peer.Title}");
                runs[server].Add(await MeasureAsync(work, server, cancellation));
            }
        }

        Progress("");
        var stock = runs.Single(static r => r.Key.Peer == PeerCatalog.Stock).Value;
        return new WorkReport(work.Name, work.What, work.Units, [.. servers.Select(s => Report(s, runs[s], stock))]);
    }

    private static async Task<Run> MeasureAsync(Work work, PeerServer server, CancellationToken cancellation)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var memory = WatchMemoryAsync(server, done.Token);
        var before = server.Processes.ProcessorTime;
        var rate = await work.RunAsync(server, cancellation);
        // Closing the connections belongs to it.
        await Task.Delay(Settling, cancellation);
        var used = server.Processes.ProcessorTime - before;
        await done.CancelAsync();
        if (used <= TimeSpan.Zero)
        {
            throw new InvalidOperationException(
                $"{server.Peer.Title} used no processor time that can be counted (in steps of 10 ms): more requests or views are needed.");
        }

        return new Run(used.TotalMicroseconds / work.Units, rate, await memory);
    }

    /// <returns>The most memory there was at a look.</returns>
    private static async Task<double> WatchMemoryAsync(PeerServer server, CancellationToken done)
    {
        for (var most = 0d; ;)
        {
            most = Math.Max(most, server.Processes.ProportionalMemory);
            await Task.Delay(SamplePause, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return most;
            }
        }
    }

    private static PeerFigures Report(PeerServer server, List<Run> runs, List<Run> stock) => new(
        server.Peer.Name, server.Peer.Title, Figure.Of(runs.Select(static r => r.Cpu)), Figure.Of(runs.Select(static r => r.Rate)),
        Figure.Of(runs.Zip(stock, static (ours, theirs) => ours.Cpu / theirs.Cpu)), runs.Max(static r => r.Memory),
        server.Processes.ResidentMemory, [.. runs.Select(static r => r.Cpu)]);

    // On a terminal a line that is written over; in a log nothing but what matters.
    private static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{text,-70}{(text.Length == 0 ? "\r" : "")}"));
        }
        else if (text.Length > 0)
        {
            Console.Error.WriteLine(text);
        }
    }

    private sealed record Run(double Cpu, double Rate, double Memory);
}
