using PushProxy.Load.Soak;
using PushProxy.Load.Soak.Faults;

namespace PushProxy.Load.Tests.Soak;

/// <summary>When faults come.</summary>
public sealed class SoakPlanTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(240)]
    public void Each_kind_comes_after_the_first_tenth_and_before_the_end(double minutes)
    {
        var length = TimeSpan.FromMinutes(minutes);
        var lanes = SoakPlan.Of(length);
        var all = lanes.SelectMany(static l => l).ToList();
        Assert.Equal(Enum.GetValues<FaultKind>(), all.Select(static f => f.Kind).Distinct().Order());
        Assert.All(all, f => Assert.InRange(f.At, length * 0.1, length * 0.95));
        Assert.All(all.GroupBy(static f => f.Kind), g => Assert.True(minutes < 2 || g.Count() >= 2, $"{g.Key} happens once"));

        // One after the other in a lane, and the origin's are all in one.
        foreach (var lane in lanes)
        {
            Assert.All(
                lane.Zip(lane.Skip(1)),
                static pair => Assert.True(pair.First.At + pair.First.Slot <= pair.Second.At + TimeSpan.FromMilliseconds(1)));
            Assert.Single(lane.Select(static f => f.Kind.IsOfOrigin()).Distinct());
        }
    }
}
