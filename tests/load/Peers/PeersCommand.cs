using System.CommandLine;
using System.Runtime.InteropServices;
using PushProxy.Testing;

namespace PushProxy.Load.Peers;

/// <summary>
/// <c>peers</c>: PushProxy, stock YARP and the servers Debian has, before the same origin, with the same certificate, given the same work
/// turn by turn. The server that works has one processor, load generator and origin the others.
/// </summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Measure only these, beside stock YARP.",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. PeerCatalog.All.Select(static p => p.Name)]);
        var work = new Option<string>("--work") { Description = "What they do: asset, page; separated by commas.", DefaultValueFactory = static _ => "asset,page" };
        var requests = new Option<int>("--requests") { Description = "Requests a run.", DefaultValueFactory = static _ => 20_000 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each peer.", DefaultValueFactory = static _ => 9 };
        var warmUps = new Option<int?>("--warm-ups") { Description = "Runs of each peer that do not count. Default: what each needs." };
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report there." };
        var command = new Command("peers", "CPU, rate and memory, beside stock YARP, nginx, HAProxy, h2o, Apache and Caddy.") { only, work, requests, rounds, warmUps, json };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => RunAsync(
            result.GetValue(only) is { Length: > 0 } names ? names : null, result.GetValue(work)!.Split(','), result.GetValue(requests), result.GetValue(rounds),
            result.GetValue(warmUps), result.GetValue(json), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        string[]? only, string[] works, int requests, int rounds, int? warmUps, FileInfo? json, CancellationToken cancellation)
    {
        ExternalTool.Require("h2load");
        ExternalTool.Require("taskset");
        var date = DateTimeOffset.UtcNow;
        var (processor, others) = Processors.Split();
        var wanted = PeerCatalog.All.Where(p => only is null || p == PeerCatalog.Stock || only.Contains(p.Name)).ToList();
        var missing = wanted.Where(static p => p.Missing is not null).Select(static p => new NotMeasured(p.Name, p.Package!, p.Missing!)).ToList();
        missing.ForEach(static m => Console.WriteLine($"not measured: {m.Reason}"));

        var folder = Directory.CreateTempSubdirectory("pushproxy-load-");
        // Workers that are nobody have to get to their own folders, and write there.
        folder.UnixFileMode |= UnixFileMode.OtherExecute;
        var servers = new List<PeerServer>();
        try
        {
            await Tool.RunAsync("dotnet", [ServerProcess.Program("pushproxy"), "cert", "--out", folder.FullName], cancellation);
            var (certificate, key) = (Path.Combine(folder.FullName, "cert.pem"), Path.Combine(folder.FullName, "key.pem"));
            var setup = new PeerSetup(folder.FullName, "127.0.0.1", new Uri("http://127.0.0.1"), certificate, key);
            await using var origin = await PeerServer.StartAsync(PeerCatalog.Origin, setup with { Processors = others }, cancellation);
            foreach (var peer in wanted.Where(static p => p.Missing is null))
            {
                var own = folder.CreateSubdirectory(peer.Name);
                own.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
                servers.Add(await PeerServer.StartAsync(peer, setup with { Folder = own.FullName, Origin = origin.Url, Processors = processor }, cancellation));
            }

            Console.WriteLine($"servers on processor {processor}, origin and load generator on {others}; {rounds} rounds; median (lowest-highest)");
            var reports = new List<WorkReport>();
            foreach (var name in works)
            {
                var report = await Measurement.RunAsync(await WorkAsync(name, servers, origin.Url, requests, others, cancellation), servers, rounds, warmUps, cancellation);
                report.Print(Console.Out);
                reports.Add(report);
            }

            Console.WriteLine("\nCPU: user and system time of all processes of the server. Memory: the highest sum of their PSS. Rate: what origin and load generator let through.");
            missing.ForEach(static m => Console.WriteLine($"not measured: {m.Reason}"));
            if (json is not null)
            {
                var versions = await PeerVersions.ReadAsync(servers.Select(static s => s.Peer), cancellation);
                var machine = $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}";
                await new PeersReport(date, machine, rounds, versions, reports, missing).WriteAsync(json.FullName, cancellation);
            }

            // Who was asked for by name and is not there is missed.
            return only is not null && missing.Count > 0 ? 1 : 0;
        }
        finally
        {
            await Task.WhenAll(servers.Select(static s => s.DisposeAsync().AsTask()));
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Work> WorkAsync(
        string name, IReadOnlyList<PeerServer> servers, Uri origin, int requests, string processors, CancellationToken cancellation)
    {
        var path = name switch
        {
            Work.Asset => "/app1.css",
            // One without a validator, as many old sites have them: what costs PushProxy most.
            Work.Page => "/page",
            _ => throw new InvalidOperationException($"--work: there is no '{name}'; there are {Work.Asset} and {Work.Page}."),
        };
        var body = await Work.BodyAsync(origin, path, cancellation);
        foreach (var server in servers)
        {
            await Work.CheckAsync(server, path, body, cancellation);
        }

        return Work.Requests(name, path, body, requests, processors);
    }
}
