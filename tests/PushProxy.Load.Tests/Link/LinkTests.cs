using System.Globalization;
using PushProxy.Load.Link;
using PushProxy.Load.Tests.Support;

namespace PushProxy.Load.Tests.Link;

/// <summary>The emulated link is as slow as it was asked to be. How much slower is the machine's affair.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData(40, 8, 500_000)]
    [InlineData(5, 2, 300_000)]
    public async Task A_handshake_takes_the_round_trip_and_a_transfer_the_bandwidth(int roundTrip, int megabits, int size)
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync(
            "link", "--rtt", Text(roundTrip), "--down", Text(megabits), "--size", Text(size), "--json", program.Report);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<LinkReport>();
        Assert.Equal(size, report.Octets);
        Assert.InRange(report.HandshakeMilliseconds, roundTrip, roundTrip + 2000);
        // The handshake, a request and the way back; and every octet of it at the bandwidth.
        Assert.InRange(report.TransferMilliseconds, (2 * roundTrip) + (size * 8d / megabits / 1000), 60_000);
        // What was carried is the octets and some headers, and what was lost was sent again.
        Assert.InRange(report.DownCount.Octets, size, 2L * size);
        Assert.InRange(report.DownCount.Packets, size / 1460, size);
        Assert.InRange(report.UpCount.Octets, 1, size);
    }

    [Fact]
    public async Task The_way_up_has_a_bandwidth_of_its_own()
    {
        using var program = new LoadProgram();
        // Two packets of a handshake and one with a request, some 300 octets: more than a second at 2 kbit/s.
        var run = await program.RunAsync("link", "--rtt", "1", "--down", "10", "--up", "0.002", "--size", "1000", "--json", program.Report);
        Assert.Equal(0, run.ExitCode);
        var report = await program.ReadReportAsync<LinkReport>();
        Assert.Equal((10, 0.002), (report.Down, report.Up));
        Assert.InRange(report.TransferMilliseconds, 500, 60_000);
    }

    [Theory]
    [InlineData("--rtt", "0")]
    [InlineData("--down", "-1")]
    public async Task What_no_link_is_like_is_refused(string option, string value)
    {
        using var program = new LoadProgram();
        var run = await program.RunAsync("link", option, value);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"{option} is more than 0.", run.Error + run.Output, StringComparison.Ordinal);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
