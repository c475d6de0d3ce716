using PushProxy.Load.Peers;
using PushProxy.Load.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Peers;

/// <summary>The side by side, in short.</summary>
public sealed class PeersTests
{
    private static readonly string[] Works = ["asset", "page", "view"];

    [Fact]
    public async Task Every_peer_does_all_the_work_and_is_in_the_report()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync(
            "peers", "--work", string.Join(',', Works), "--requests", "2000", "--views", "40", "--rounds", "2", "--warm-ups", "1",
            "--json", program.Report);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<PeersReport>();
        var peers = PeerCatalog.Forwarding(PeerCatalog.All).ToList();
        var names = peers.ConvertAll(static p => p.Name);
        Assert.Empty(report.NotMeasured);
        Assert.Equal(Works, report.Works.Select(static w => w.Work));
        Assert.Equal(names.Order(StringComparer.Ordinal), report.Versions.Keys);
        Assert.DoesNotContain("", report.Versions.Values);
        foreach (var work in report.Works)
        {
            Assert.Equal(names, work.Peers.Select(static p => p.Peer));
            Assert.Equal(work.Work == "view" ? 40 : 2000, work.UnitsPerRun);
            foreach (var peer in work.Peers)
            {
                Assert.Equal(2, peer.CpuMicrosecondsByRound.Count);
                Assert.Equal(peer.CpuMicroseconds, Figure.Of(peer.CpuMicrosecondsByRound));
                Assert.All(
                    [peer.CpuMicroseconds, peer.RatePerSecond, peer.CpuRatioToStock],
                    static f => Assert.True(0 < f.Min && f.Min <= f.Median && f.Median <= f.Max, $"{f}"));
                Assert.True(peer is { PeakMemoryMiB: > 0, ResidentAfterMiB: > 0 });
            }

            Assert.Equal(new Figure(1, 1, 1), work.Peers.Single(static p => p.Peer == PeerCatalog.Stock.Name).CpuRatioToStock);
        }

        // The tables have them, too, and nothing is left behind.
        Assert.All(
            peers,
            p => Assert.Equal(Works.Length, run.Output.Split('\n').Count(l => l.StartsWith(p.Title + " ", StringComparison.Ordinal))));
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    [Fact]
    public async Task What_is_stored_and_compressed_is_measured_with_those_who_do_so()
    {
        using var program = new LoadProgram();
        // It does not start if PushProxy or nginx-cache asks the origin for what they should have stored.
        var run = await program.RunAsync(
            "peers", "--only", "pushproxy", "nginx-cache", "--work", "stored,visit", "--requests", "2000", "--views", "30",
            "--rounds", "1", "--warm-ups", "0", "--json", program.Report);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<PeersReport>();
        Assert.Equal(["stored", "visit"], report.Works.Select(static w => w.Work));
        Assert.All(
            report.Works, static w => Assert.Equal(["pushproxy", "yarp", "nginx-cache"], w.Peers.Select(static p => p.Peer)));
        // Who compresses sends less, and each of the two in the coding he has.
        var forms = report.Works[0].What;
        Assert.Matches(@"br \d,\d{3} from PushProxy; identity 15,\d{3} from stock YARP; gzip \d,\d{3} from nginx-cache", forms);
        Assert.Equal(3, report.Versions.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    [Fact]
    public async Task A_peer_that_stores_has_no_part_in_measurements_of_forwarding()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("peers", "--only", "nginx-cache", "--work", "asset,view");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nginx-cache answers from a store", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_is_not_installed_is_named_with_its_package()
    {
        var path = Directory.CreateTempSubdirectory("load-test-path-");
        try
        {
            foreach (var tool in (string[])["dotnet", "taskset", "h2load"])
            {
                File.CreateSymbolicLink(Path.Combine(path.FullName, tool), ExternalTool.Require(tool));
            }

            using var program = new LoadProgram { SearchPath = path.FullName };
            var run = await program.RunAsync(
                "peers", "--only", "caddy", "--work", "asset", "--requests", "2000", "--rounds", "1", "--warm-ups", "0",
                "--json", program.Report);
            Assert.Contains("not measured: caddy is not installed (apt install caddy)", run.Output, StringComparison.Ordinal);
            // It was asked for by name.
            Assert.Equal(1, run.ExitCode);
            var report = await program.ReadReportAsync<PeersReport>();
            Assert.Equal(
                new NotMeasured("caddy", "caddy", "caddy is not installed (apt install caddy)"), Assert.Single(report.NotMeasured));
            Assert.Equal(["yarp"], report.Works.Single().Peers.Select(static p => p.Peer));
        }
        finally
        {
            path.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Work_that_does_not_exist_is_refused()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("peers", "--work", "asset,nonsense");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no 'nonsense'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_run_that_is_ended()
    {
        using var program = new LoadProgram();
        using var process = program.Start(
            "peers", "--only", "nginx", "haproxy", "--work", "asset", "--requests", "2000", "--rounds", "100", "--warm-ups", "1");
        var cancellation = TestContext.Current.CancellationToken;
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line && !line.Contains("round 2", StringComparison.Ordinal))
        {
        }

        var children = Children(process.Id);
        Assert.True(children.Count >= 4, "Origin, stock YARP, nginx and HAProxy should run.");
        Assert.True(Signals.Terminate(process.Id));
        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        Assert.NotEqual(0, process.ExitCode);
        await Eventually.TrueAsync(() => !children.Exists(IsRunning), () => $"Still there: {string.Join(", ", children.Where(IsRunning))}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    private static List<int> Children(int parent) => [.. Directory.EnumerateDirectories("/proc")
        .Select(static d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0).Where(id => id != 0 && IsChild(id, parent))];

    private static bool IsRunning(int id) => File.Exists($"/proc/{id}/stat");

    private static bool IsChild(int id, int parent)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/status").Contains($"PPid:\t{parent}");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return false;
        }
    }
}
