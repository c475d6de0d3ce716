using FsCheck;
using FsCheck.Xunit;
using PushProxy.Client.Cached;
using Xunit;

namespace PushProxy.Tests.Client.Cached;

public class CoarseTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 20, 30, 400, TimeSpan.Zero);

    [Property(MaxTest = 20_000)]
    public void Is_never_late_and_early_by_less_than_an_eighth_or_a_minute(DoNotSize<uint> from, DoNotSize<uint> seconds)
    {
        var now = Now.AddMilliseconds(from.Item);
        var left = TimeSpan.FromSeconds(Math.Pow(365 * 86_400, seconds.Item / (double)uint.MaxValue));
        var coarse = CoarseTime.Of(now + left, now);
        var bound = Math.Max(60, left.TotalSeconds / 8);
        if (coarse == CoarseTime.None)
        {
            Assert.True(left.TotalSeconds < bound);
        }
        else
        {
            var early = (now + left - coarse.ToInstant()).TotalSeconds;
            Assert.True(early >= 0 && early < bound, $"{left}: early by {early} s");
            Assert.True(coarse.IsAfter(now));
            Assert.False(coarse.IsAfter(coarse.ToInstant()));
            Assert.True(coarse.IsAfter(coarse.ToInstant().AddTicks(-1)));
        }
    }

    [Fact]
    public void Resources_fetched_one_after_another_share_one() =>
        Assert.Single(Enumerable.Range(0, 120).Select(s => CoarseTime.Of(Now.AddSeconds(s).AddDays(30), Now.AddSeconds(s))).Distinct());

    [Fact]
    public void Nothing_is_remembered_for_more_than_a_year() =>
        Assert.Equal(CoarseTime.Of(Now.AddDays(365), Now), CoarseTime.Of(DateTimeOffset.MaxValue, Now));

    [Fact]
    public void There_is_none_for_what_has_expired_or_a_clock_that_is_far_off()
    {
        Assert.Equal(CoarseTime.None, CoarseTime.Of(Now, Now));
        Assert.Equal(CoarseTime.None, CoarseTime.Of(Now.AddDays(-1), Now));
        Assert.Equal(CoarseTime.None, CoarseTime.Of(Now, DateTimeOffset.UnixEpoch));
        Assert.Equal(CoarseTime.None, CoarseTime.Of(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue.AddDays(-1)));
        Assert.False(CoarseTime.None.IsAfter(DateTimeOffset.MinValue));
    }
}
