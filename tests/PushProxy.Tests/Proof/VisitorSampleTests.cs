using PushProxy.Proof;
using PushProxy.Tests.Proof.Simulation;
using Xunit;

namespace PushProxy.Tests.Proof;

public class VisitorSampleTests
{
    [Fact]
    public void All_are_kept_up_to_the_limit()
    {
        var sample = new VisitorSample(100, seed: 1);
        for (ulong i = 0; i < 300; i++)
        {
            sample.Add(i % 100, i);
        }

        Assert.Equal((100, 100, 300), (sample.Count, sample.Visitors, sample.Views));
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => (double)i), Values(sample).Order());
    }

    [Fact]
    public void Beyond_the_limit_visitors_are_a_fair_sample_whatever_they_do()
    {
        // Visitor i has i % 10 + 1 views that say so. They come in rounds, so he is seen again long after he was first.
        const int Visitors = 100_000;
        var sample = new VisitorSample(4096, seed: 1);
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < Visitors; i++)
            {
                if (i % 10 >= round)
                {
                    sample.Add((ulong)i, (i % 10) + 1);
                }
            }
        }

        Assert.InRange(sample.Count, 3584 - 200, 4096);
        Assert.InRange(sample.Visitors / Visitors, 0.95, 1.05);
        Assert.InRange(sample.Views / (5.5 * Visitors), 0.95, 1.05);
        for (var place = 0; place < sample.Count; place++)
        {
            // Those kept are kept with all their views.
            var views = sample.ViewsOf(place).ToArray();
            Assert.All(views, v => Assert.Equal(views.Length, Milliseconds16.Decode(v)));
        }

        for (var n = 1; n <= 10; n++)
        {
            var visitors = Enumerable.Range(0, sample.Count).Count(place => sample.ViewsOf(place).Length == n);
            Assert.InRange((double)visitors / sample.Count, 0.08, 0.12);
        }
    }

    [Fact]
    public void Of_one_visitor_any_view_may_be_kept()
    {
        // 2,000 visitors with 160 views each: a tenth of what is kept should be of each tenth.
        var sample = new VisitorSample(2000, seed: 1);
        for (var i = 0; i < 160; i++)
        {
            for (ulong visitor = 0; visitor < 2000; visitor++)
            {
                sample.Add(visitor, i);
            }
        }

        var values = Values(sample);
        Assert.Equal(2000 * VisitorSample.ViewsPerVisitor, values.Length);
        Assert.All(
            values.CountBy(static v => (int)v / 16),
            tenth => Assert.InRange((double)tenth.Value / values.Length, 0.09, 0.11));
    }

    [Fact]
    public void The_smallest_limits_work()
    {
        for (var limit = 1; limit < 20; limit++)
        {
            var (sample, dice) = (new VisitorSample(limit, seed: 1), new Dice(1));
            for (var i = 0; i < 1000; i++)
            {
                sample.Add(dice.Next(), 1);
                Assert.InRange(sample.Count, 0, limit);
            }
        }
    }

    private static double[] Values(VisitorSample sample) =>
    [
        .. Enumerable.Range(0, sample.Count).SelectMany(place => sample.ViewsOf(place).ToArray())
            .Select(static v => Milliseconds16.Decode(v)),
    ];
}
