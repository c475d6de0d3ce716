using PushProxy.Proof;
using PushProxy.Tests.Proof.Simulation;
using Xunit;

namespace PushProxy.Tests.Proof;

/// <summary>The parts that intervals are made of.</summary>
public class QuantileTests
{
    [Fact]
    public void Codes_keep_order_and_value()
    {
        for (var i = 0; i <= 4096; i++)
        {
            Assert.Equal(i, Milliseconds16.Decode(Milliseconds16.Encode(i)));
        }

        var before = -1;
        for (var time = 0.001; time < Milliseconds16.Max; time *= 1.0001)
        {
            var code = Milliseconds16.Encode(time);
            Assert.InRange(code, before, Milliseconds16.Codes - 1);
            Assert.InRange(Milliseconds16.Decode(code) / time, 1 - 0.00025, 1 + 0.00025);
            before = code;
        }
    }

    [Theory]
    [InlineData(10, 2.228)]
    [InlineData(19, 2.093)]
    [InlineData(99, 1.984)]
    [InlineData(1e9, 1.960)]
    public void Few_visitors_have_wider_intervals(double degrees, double expected) =>
        Assert.Equal(expected, StudentQuantile.Of(StudentQuantile.Of95, degrees), 0.003);

    [Fact]
    public void Both_intervals_agree_whether_there_is_a_difference()
    {
        var dice = new Dice(1);
        for (var i = 0; i < 10_000; i++)
        {
            var (a, b) = (1 + dice.Uniform(), 1 + dice.Uniform());
            var effect = Effect.Of(
                a, (a - dice.Uniform(), a + (3 * dice.Uniform())), b, (b - dice.Uniform(), b + (3 * dice.Uniform())))!;
            Assert.InRange(effect.Milliseconds, effect.Low, effect.High);
            Assert.InRange(effect.Relative, effect.RelativeLow, effect.RelativeHigh);
            Assert.Equal(effect.Low > 0, effect.RelativeLow > 0);
            Assert.Equal(effect.High < 0, effect.RelativeHigh < 0);
            Assert.True(effect.RelativeLow >= -1);
        }
    }

    [Fact]
    public void The_standard_error_is_that_of_a_bootstrap_over_visitors()
    {
        // Two kinds of visitors with very different numbers of views, all views of one visitor alike.
        var (sample, dice) = (new VisitorSample(2000, seed: 1), new Dice(1));
        for (ulong visitor = 0; visitor < 2000; visitor++)
        {
            var (time, views) = (100 + (800 * dice.Uniform()), visitor % 4 == 0 ? 16 : 2);
            for (var i = 0; i < views; i++)
            {
                sample.Add(visitor, time + dice.Uniform());
            }
        }

        using var arm = new ArmDistribution(sample);
        foreach (var share in (double[])[0.5, 0.75])
        {
            var (low, high) = arm.Quantile(share).Interval(StudentQuantile.Of95);
            var resampled = Enumerable.Range(0, 200).Select(_ => Resample(sample, share, dice)).Order().ToArray();
            var (bootstrapLow, bootstrapHigh) = (resampled[4], resampled[194]);
            Assert.InRange((high - low) / (bootstrapHigh - bootstrapLow), 0.85, 1.15);
            Assert.InRange((low - bootstrapLow) / (bootstrapHigh - bootstrapLow), -0.1, 0.1);

            // Had it taken the views for independent, it would be less than half as wide: 2,000 visitors have 11,000 of them.
            Assert.InRange(arm.EffectiveVisitors, 850, 950);
        }
    }

    private static double Resample(VisitorSample sample, double share, Dice dice)
    {
        var views = new List<ushort>();
        for (var i = 0; i < sample.Count; i++)
        {
            views.AddRange(sample.ViewsOf(dice.Below(sample.Count)));
        }

        views.Sort();
        return Milliseconds16.Decode(views[(int)(share * views.Count)]);
    }
}
