using System.Runtime.InteropServices;
using PushProxy.Load.Origin;
using PushProxy.Testing;

namespace PushProxy.Load.Peers;

/// <summary>One side by side.</summary>
internal sealed class PeersRun
{
    /// <summary>The peers that are wanted, beside stock YARP; null: all.</summary>
    public required string[]? Only { get; init; }

    /// <summary>Names of <see cref="Work"/>.</summary>
    public required string[] Works { get; init; }

    public required int Requests { get; init; }

    public int Views { get; init; }

    public required int Rounds { get; init; }

    public required int? WarmUps { get; init; }

    /// <summary>The <c>pushproxy.dll</c> of another build, to measure as well; null: none.</summary>
    public FileInfo? Before { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancellation)
    {
        CheckWorks();
        var date = DateTimeOffset.UtcNow;
        var (processor, others) = Processors.Split();
        var wanted = PeerCatalog.All.Where(p => Only is null || p == PeerCatalog.Stock || Only.Contains(p.Name)).ToList();
        wanted.AddRange(Before is null ? [] : [PeerCatalog.Before(Before)]);
        var missing = wanted.Where(static p => p.Missing is not null).Select(static p => new NotMeasured(p.Name, p.Package!, p.Missing!))
            .ToList();
        missing.ForEach(static m => Console.WriteLine($"not measured: {m.Reason}"));
        wanted.RemoveAll(static p => p.Missing is not null);
        var folder = Directory.CreateTempSubdirectory("pushproxy-load-");
        // Workers that are nobody have to get to their own folders, and write there.
        folder.UnixFileMode |= UnixFileMode.OtherExecute;
        try
        {
            await ExternalTool.RunAsync("dotnet", [ServerProcess.Program("pushproxy"), "cert", "--out", folder.FullName], cancellation);
            var setup = new PeerSetup(
                folder.FullName, "127.0.0.1", new Uri("http://127.0.0.1"), Path.Combine(folder.FullName, "cert.pem"),
                Path.Combine(folder.FullName, "key.pem"));
            await using var origin = await PeerServer.StartAsync(PeerCatalog.Origin, setup with { Processors = others }, cancellation);
            setup = setup with { Origin = origin.Url, Processors = processor };
            Console.WriteLine(
                $"servers on processor {processor}, origin and load generator on {others}; {Rounds} rounds; median (lowest-highest)");
            var (reports, measured) = (new List<WorkReport>(), new HashSet<string>());
            foreach (var works in Works.GroupBy(Work.IsForwarding))
            {
                var peers = works.Key ? [.. PeerCatalog.Forwarding(wanted)] : wanted;
                measured.UnionWith(peers.Select(static p => p.Name));
                reports.AddRange(await MeasureAsync([.. works], peers, setup, others, cancellation));
            }

            Console.WriteLine(
                "\nCPU: user and system time of all processes of the server. Memory: the highest sum of their PSS; after: the sum of "
                + "their RSS after the last round. Rate: what origin and load generator let through.");
            missing.ForEach(static m => Console.WriteLine($"not measured: {m.Reason}"));
            if (json is not null)
            {
                var versions = await PeerVersions.ReadAsync(wanted.Where(p => measured.Contains(p.Name)), cancellation);
                var machine = $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}";
                await new PeersReport(date, machine, Rounds, versions, reports, missing).WriteAsync(json.FullName, cancellation);
            }

            // Who was asked for by name and is not there is missed.
            return Only is not null && missing.Count > 0 ? 1 : 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Starts servers and has them do one piece of work after the other.</summary>
    private async Task<List<WorkReport>> MeasureAsync(
        IReadOnlyList<string> works, IReadOnlyList<Peer> peers, PeerSetup setup, string others, CancellationToken cancellation)
    {
        var servers = new List<PeerServer>();
        try
        {
            foreach (var peer in peers)
            {
                var own = Directory.CreateDirectory(Path.Combine(setup.Folder, peer.Name));
                own.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
                servers.Add(await PeerServer.StartAsync(peer, setup with { Folder = own.FullName }, cancellation));
            }

            var reports = new List<WorkReport>();
            foreach (var name in works)
            {
                var work = name switch
                {
                    Work.Stored => await StoredAsset.PrepareAsync(servers, setup.Origin, Requests, others, cancellation),
                    Work.View or Work.Visit or Work.VisitWithoutPush =>
                        Work.Views(name, ShopPage.Path, ShopPage.Resources.Count, Views, setup.Certificate, others),
                    _ => await RequestsAsync(name, servers, setup.Origin, others, cancellation),
                };
                var report = await Measurement.RunAsync(work, servers, Rounds, WarmUps, cancellation);
                report.Print(Console.Out);
                reports.Add(report);
            }

            return reports;
        }
        finally
        {
            await Task.WhenAll(servers.Select(static s => s.DisposeAsync().AsTask()));
        }
    }

    // Before anything is started: what is missing is found out at once, not after half an hour.
    private void CheckWorks()
    {
        ExternalTool.Require("taskset");
        if (Works.Except(Work.All).FirstOrDefault() is { } nonsense)
        {
            throw new InvalidOperationException($"--work: there is no '{nonsense}'; there are {string.Join(", ", Work.All)}.");
        }

        foreach (var name in Works)
        {
            ExternalTool.Require(name is Work.View or Work.Visit or Work.VisitWithoutPush ? "node" : "h2load");
        }

        var storing = PeerCatalog.All.Where(p => Only?.Contains(p.Name) == true && p.Forwarder is null).Select(static p => p.Name).ToList();
        if (storing.Count > 0 && Works.All(Work.IsForwarding))
        {
            throw new InvalidOperationException(
                $"{string.Join(", ", storing)} answers from a store, so it has no part in measurements of forwarding: choose --work "
                + $"{Work.Stored}, {Work.Visit} or {Work.VisitWithoutPush}.");
        }
    }

    private async Task<Work> RequestsAsync(
        string name, List<PeerServer> servers, Uri origin, string processors, CancellationToken cancellation)
    {
        // A page without a validator, as many old sites have them, costs PushProxy most.
        var path = name switch { Work.Asset => "/app1.css", Work.Tagged => "/tagged", _ => "/page" };
        var body = await Work.BodyAsync(origin, path, cancellation);
        foreach (var server in servers)
        {
            await Work.CheckAsync(server, path, body, cancellation);
        }

        return Work.Requests(name, path, body, Requests, processors);
    }
}
