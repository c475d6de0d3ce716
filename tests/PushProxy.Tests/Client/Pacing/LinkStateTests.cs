using System.Net;
using System.Net.Sockets;
using PushProxy.Client.Pacing;
using Xunit;

namespace PushProxy.Tests.Client.Pacing;

public class LinkStateTests
{
    private static readonly LinkState Path = new(TimeSpan.FromMilliseconds(100), 10_000, 0, 0);

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(99, 10_000)]
    [InlineData(100, 30_000)]
    [InlineData(250, 70_000)]
    [InlineData(100_000, 1_000_000)]
    public void Carries_a_window_at_once_and_twice_as_much_each_round_trip(int milliseconds, long bytes) =>
        Assert.Equal(bytes, Path.Carries(TimeSpan.FromMilliseconds(milliseconds), atMost: 1_000_000));

    [Fact]
    public void What_is_under_way_has_its_room_already() =>
        Assert.Equal(30_000 - 12_000, (Path with { InFlight = 9_000, Unsent = 3_000 }).Carries(TimeSpan.FromMilliseconds(150), 1_000_000));

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(25, 2_500)]
    [InlineData(100, 10_000)]
    [InlineData(120, 10_000)]
    public void The_path_holds_what_leaves_in_its_shortest_round_trip(int shortest, int bytes) =>
        Assert.Equal(bytes, (Path with { ShortestRoundTrip = TimeSpan.FromMilliseconds(shortest) }).WindowWithoutQueue);

    [Fact]
    public void A_path_without_delay_does_not_take_for_ever() =>
        Assert.Equal(1000, new LinkState(TimeSpan.Zero, 1, 0, 0).Carries(TimeSpan.FromHours(1), 1000));

    [Fact]
    public void Nothing_is_carried_in_no_time() => Assert.Equal(0, Path.Carries(TimeSpan.FromMilliseconds(-1), 1000));

    [Fact]
    public async Task The_system_tells_of_a_real_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var server = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var link = TcpInfo.Read(server);
        Assert.NotNull(link);
        Assert.InRange(link.Value.Window, 1000, 10_000_000);
        Assert.InRange(link.Value.RoundTrip, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        // Nobody reads: what is written beyond the windows waits unsent.
        server.Blocking = false;
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                server.Send(new byte[64 * 1024]);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
        }

        Assert.True(TcpInfo.Read(server)!.Value.Unsent > 0);
        server.Dispose();
        Assert.Null(TcpInfo.Read(server));
        Assert.Null(TcpInfo.Read(null));
    }

    [Theory]
    [InlineData("u=0, i", 0)]
    [InlineData("i,u=7", 7)]
    [InlineData("u=9", 3)]
    [InlineData("u=", 3)]
    [InlineData("", 3)]
    [InlineData(null, 3)]
    public void Urgency_is_what_the_client_says(string? field, int urgency) => Assert.Equal(urgency, PushOrder.UrgencyOf(field));
}
