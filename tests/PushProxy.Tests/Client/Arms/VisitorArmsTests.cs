using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Client.Arms;
using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Client.Arms;

public sealed class VisitorArmsTests
{
    private readonly Clock _clock = new();

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(50)]
    public void The_share_of_visitors_held_out_is_what_the_policy_says(int percent)
    {
        var arms = new VisitorArms(new ClientIdentities(new LearningOptions()), _clock);
        var heldOut = Enumerable.Range(0, 20_000).Count(i => arms.Of(Request(i), percent).Arm == Arm.HeldOut);

        // Five standard deviations, as the key is another one each time.
        Assert.InRange(heldOut / 200.0, percent - 1.8, percent + 1.8);
    }

    [Fact]
    public void Nobody_is_held_out_without_a_share()
    {
        var arms = new VisitorArms(new ClientIdentities(new LearningOptions()), _clock);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(default, arms.Of(Request(i), 0)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData(null)]
    public void Who_cannot_be_told_from_others_is_in_no_arm(string? address)
    {
        var arms = new VisitorArms(new ClientIdentities(new LearningOptions()), _clock);
        var http = Request(0);
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        Assert.Equal(Arm.None, arms.Of(http, 50).Arm);
    }

    [Fact]
    public void A_visitor_stays_in_its_arm_for_a_day_on_each_instance_with_the_same_key()
    {
        var (one, other) = (new ClientIdentities(new LearningOptions()), new ClientIdentities(new LearningOptions()));
        other.UseKey(one.Key);
        var (here, there) = (new VisitorArms(one, _clock), new VisitorArms(other, _clock));
        var before = Enumerable.Range(0, 200).Select(i => here.Of(Request(i), 50)).ToList();
        Assert.Equal(before, [.. Enumerable.Range(0, 200).Select(i => there.Of(Request(i), 50))]);
        _clock.Now += TimeSpan.FromHours(11);
        Assert.Equal(before, [.. Enumerable.Range(0, 200).Select(i => here.Of(Request(i), 50))]);
        _clock.Now += TimeSpan.FromHours(2);
        Assert.NotEqual(before, [.. Enumerable.Range(0, 200).Select(i => here.Of(Request(i), 50))]);
    }

    [Fact]
    public void A_larger_share_holds_out_those_of_the_smaller_one_too()
    {
        var arms = new VisitorArms(new ClientIdentities(new LearningOptions()), _clock);
        var few = Enumerable.Range(0, 1000).Where(i => arms.Of(Request(i), 5).Arm == Arm.HeldOut);
        Assert.All(few, i => Assert.Equal(Arm.HeldOut, arms.Of(Request(i), 40).Arm));
    }

    [Fact]
    public void One_network_is_not_many_visitors()
    {
        var shares = new VisitorShares();
        var counted = Enumerable.Range(1, 1000).Select(i => shares.Of(new Visitor(Arm.Delivered, (ulong)i, Network: 7_000_000))).Distinct();
        Assert.Equal(VisitorShares.MaxOfNetwork + 1, counted.Count());

        // Those that it was stay what they are.
        Assert.Equal(1UL, shares.Of(new Visitor(Arm.Delivered, 1, Network: 7_000_000)));
        Assert.Equal(5_000UL, shares.Of(new Visitor(Arm.Delivered, 5_000, Network: 8_000_000)));
    }

    [Fact]
    public void Visitors_remembered_are_limited()
    {
        var shares = new VisitorShares();
        for (var i = 0; i < VisitorShares.MaxVisitors + 10; i++)
        {
            Assert.Equal((ulong)i, shares.Of(new Visitor(Arm.Delivered, (ulong)i, Network: (ulong)i << 20)));
        }

        // Counting has begun anew.
        Assert.Equal(5UL << 40, shares.Of(new Visitor(Arm.Delivered, 5UL << 40, Network: 0)));
    }

    // Each of a network of its own.
    private static DefaultHttpContext Request(int visitor)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = new IPAddress([10, (byte)(visitor >> 8), (byte)visitor, 9]);
        http.Request.Headers.UserAgent = "Mozilla/5.0";
        return http;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
