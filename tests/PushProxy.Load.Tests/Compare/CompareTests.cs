using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Load.Tests.Support;

namespace PushProxy.Load.Tests.Compare;

/// <summary>What is measured beside stock YARP and beside a PushProxy that does less, in short.</summary>
public sealed partial class CompareTests
{
    private static readonly string[] Work = ["asset", "learned page, no version", "learned page, ETag"];

    [Fact]
    public async Task Processor_time_of_each_kind_of_request_is_told_beside_stock_YARPs()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("compare", "--requests", "2000", "--rounds", "3", "--warm-ups", "1");
        Assert.Equal(0, run.ExitCode);
        foreach (var work in Work)
        {
            var figures = Figures(run.Output, work);
            Assert.Equal(5, figures.Count);
            Assert.All(figures, static f => Assert.True(f > 0));
            Assert.True(figures[3] <= figures[2] && figures[2] <= figures[4], $"The median {figures[2]} is not between {figures[3]} and {figures[4]}.");
        }

        Assert.All(Figures(run.Output, "peak memory, MiB"), static f => Assert.True(f > 20));
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
