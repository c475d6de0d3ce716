using System.Globalization;
using PushProxy.Load.Tests.Support;

namespace PushProxy.Load.Tests.Idle;

/// <summary>The memory of open connections, with few of them.</summary>
public sealed class IdleTests
{
    [Fact]
    public async Task An_open_connection_is_told_beside_stock_YARPs_after_a_request_and_after_pages()
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("idle", "--connections", "50", "--settle", "1");
        Assert.Equal(0, run.ExitCode);
        var rows = run.Output.Split('\n').Skip(2).Where(static l => l.StartsWith('|')).Select(static l => l.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["one small request", "a page, pushed", "a page, hinted"], rows.Select(static r => r[1]));
        Assert.All(rows, static r => Assert.InRange(double.Parse(r[4], CultureInfo.InvariantCulture), 0.5, 5));
        Assert.Equal(["0.0", "3.0", "0.0"], rows.Select(static r => r[5]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Temporary));
    }

    [Theory]
    [InlineData("--connections", "9")]
    [InlineData("--settle", "0")]
    public async Task A_number_out_of_range_is_named(string option, string value)
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("idle", option, value);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(option + ": ", run.Error, StringComparison.Ordinal);
    }
}
