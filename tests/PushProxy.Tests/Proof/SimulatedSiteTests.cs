using PushProxy.Proof;
using PushProxy.Tests.Proof.Simulation;
using Xunit;

namespace PushProxy.Tests.Proof;

/// <summary>What the simulations take for the truth is the truth.</summary>
public class SimulatedSiteTests
{
    public static TheoryData<string> Sites { get; } = [.. SimulatedSite.All.Select(static s => s.Name)];

    [Theory]
    [MemberData(nameof(Sites))]
    public void The_formula_says_what_a_huge_sample_says(string name)
    {
        var site = SimulatedSite.All.Single(s => s.Name == name);
        var (dice, sample) = (new Dice(1), new VisitorSample(200_000, seed: 1));
        for (ulong visitor = 0; visitor < 200_000; visitor++)
        {
            var (logSpeed, views) = site.Visitor(dice);
            for (var i = 0; i < views; i++)
            {
                sample.Add(visitor, site.View(logSpeed, dice));
            }
        }

        using var arm = new ArmDistribution(sample);
        Assert.InRange(arm.At(0.5) / site.Quantile(0.5), 0.99, 1.01);
        Assert.InRange(arm.At(0.75) / site.Quantile(0.75), 0.99, 1.01);
    }

    [Fact]
    public void Different_seeds_are_different_traffic()
    {
        var (one, next) = (new Dice(1), new Dice(2));
        var numbers = Enumerable.Range(0, 1000).Select(_ => one.Next()).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, 1000).Select(_ => next.Next()), numbers.Contains);
    }
}
