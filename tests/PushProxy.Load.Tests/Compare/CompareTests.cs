using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Load.Peers;
using PushProxy.Load.Tests.Support;

namespace PushProxy.Load.Tests.Compare;

/// <summary>What is measured beside stock YARP and beside a PushProxy that does less, in short.</summary>
public sealed partial class CompareTests
{
    [Fact]
    public async Task Processor_time_of_each_kind_of_request_is_told_beside_stock_YARPs()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("compare", "--requests", "2000", "--rounds", "3", "--warm-ups", "1", "--json", program.Report);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<PeersReport>();
        Assert.Equal(["asset", "page", "tagged"], report.Works.Select(static w => w.Work));
        foreach (var work in report.Works)
        {
            Assert.Equal(["pushproxy", "yarp"], work.Peers.Select(static p => p.Peer));
            Assert.All(
                work.Peers,
                static p => Assert.True(
                    p is { CpuMicrosecondsByRound.Count: 3, CpuMicroseconds.Min: > 0, CpuRatioToStock.Min: > 0, PeakMemoryMiB: > 20 },
                    $"{p}"));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    [Fact]
    public async Task Time_to_first_byte_is_told_for_all_three_and_for_each_kind_of_page()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("first-byte", "--rate", "30", "--seconds", "1", "--rounds", "1");
        Assert.Equal(0, run.ExitCode);
        foreach (var row in (string[])["neither", "analysis alone", "as shipped", "  known", "  changed each time", "  never seen"])
        {
            var figures = Figures(run.Output, row);
            Assert.Equal(4, figures.Count);
            Assert.Equal(figures.Order(), figures);
            Assert.True(figures[0] > 0);
        }

        Assert.Equal(3, Figures(run.Output, "as shipped, less neither").Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    private static List<double> Figures(string output, string row)
    {
        var line = output.Split('\n').First(l => l.StartsWith(row + " ", StringComparison.Ordinal));
        return [.. Figure().Matches(line[row.Length..]).Select(static m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Figure();
}
