using PushProxy.Model;
using PushProxy.Proof;
using PushProxy.Tests.Proof.Simulation;
using Xunit;

namespace PushProxy.Tests.Proof;

public class ComparisonTests
{
    private const int Limit = 512;

    private readonly Comparison _comparison = new("display", Limit, seed: 1);
    private readonly Dice _dice = new(1);

    [Fact]
    public void Without_views_nothing_is_said()
    {
        var report = _comparison.Report();
        Assert.Equal("display", report.Measure);
        Assert.Equal(0, report.Delivered.Views + report.HeldOut.Views + report.PlannedViews);
        Assert.Null(report.Delivered.Median);
        Assert.Null(report.HeldOut.UpperQuartile);
        Assert.Empty(report.HeldOut.Percentiles);
        AssertUndecided(report);
    }

    [Fact]
    public void With_one_empty_arm_nothing_is_compared()
    {
        Add(Arm.Delivered, 10_000, 100);
        var report = _comparison.Report();
        Assert.Equal((0, 0), (report.HeldOut.Views, report.HeldOut.Visitors));
        Assert.NotNull(report.Delivered.Median);
        Assert.Equal(0, report.PlannedViews);
        AssertUndecided(report);
    }

    [Fact]
    public void One_visitor_with_all_the_traffic_counts_for_his_share_and_decides_nothing()
    {
        Add(Arm.HeldOut, 5000, 100);
        for (var i = 0; i < 1_000_000; i++)
        {
            _comparison.Add(Arm.Delivered, visitor: 7, 100);
        }

        var report = _comparison.Report();
        Assert.Equal((VisitorSample.ViewsPerVisitor, 1), (report.Delivered.Views, report.Delivered.Visitors));
        AssertUndecided(report);
    }

    [Fact]
    public void A_flood_from_one_visitor_does_not_move_the_figures_beyond_his_share()
    {
        var flooded = new Comparison("display", Limit, seed: 1);
        foreach (var arm in (Arm[])[Arm.Delivered, Arm.HeldOut])
        {
            for (ulong visitor = 0; visitor < 150; visitor++)
            {
                for (var i = 0; i < 4; i++)
                {
                    var time = 100 + _dice.Below(100);
                    _comparison.Add(arm, visitor, time);
                    flooded.Add(arm, visitor, time);
                }
            }
        }

        for (var i = 0; i < 100_000; i++)
        {
            flooded.Add(Arm.Delivered, 1_000_000, double.MaxValue);
        }

        // 16 more of 600 move the median by at most 8 of them.
        var (without, with) = (_comparison.Report(), flooded.Report());
        Assert.InRange(with.Delivered.Median!.Value, without.Delivered.Median!.Value, without.Delivered.Median.Value + 3);
        Assert.Equal(without.Delivered.Views + VisitorSample.ViewsPerVisitor, with.Delivered.Views);
    }

    [Fact]
    public void What_is_no_time_is_refused_or_clamped()
    {
        foreach (var forged in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            _comparison.Add(Arm.Delivered, 1, forged);
        }

        _comparison.Add(Arm.None, 1, 100);
        Assert.Equal(0, _comparison.Report().Delivered.Views);

        _comparison.Add(Arm.Delivered, 1, -1e9);
        Assert.Equal(0, _comparison.Report().Delivered.Median);
        _comparison.Add(Arm.HeldOut, 1, 1e300);
        Assert.Equal(600_000, _comparison.Report().HeldOut.Median!.Value, 600_000 * 0.0003);
    }

    [Fact]
    public void Equal_times_make_no_difference()
    {
        AddUntilDecided(static _ => 250);
        var report = _comparison.Report();
        Assert.Equal(ProofVerdict.NoDifference, report.Verdict);
        Assert.Equal(new ProofEffect(0, 0, 0, 0, 0, 0), report.Median);
        Assert.Equal(Enumerable.Repeat(250.0, 19), report.HeldOut.Percentiles);
    }

    [Fact]
    public void Times_of_0_have_no_relative_effect_and_decide_nothing()
    {
        Add(Arm.Delivered, 2000, 0);
        Add(Arm.HeldOut, 2000, 0);
        AssertUndecided(_comparison.Report());
    }

    [Fact]
    public void Two_times_only_have_an_interval_that_knows_it()
    {
        // Which of the two is the median is chance.
        AddUntilDecided(_ => _dice.Below(2) == 0 ? 100 : 200);
        var report = _comparison.Report();
        Assert.Equal(ProofVerdict.NoDifference, report.Verdict);
        Assert.InRange(report.Median!.Low, -100, -40);
        Assert.InRange(report.Median.High, 40, 100);
    }

    [Fact]
    public void Percentiles_are_those_of_the_views()
    {
        for (ulong i = 1; i <= 100; i++)
        {
            _comparison.Add(Arm.HeldOut, i, i);
        }

        var arm = _comparison.Report().HeldOut;
        Assert.Equal(Enumerable.Range(1, 19).Select(static i => (5 * i) + 0.5), arm.Percentiles.Select(static p => Math.Round(p, 6)));
        Assert.Equal((50.5, 75.5), (arm.Median, arm.UpperQuartile));
        Assert.Equal((100, 100), (arm.Views, arm.Visitors));
    }

    [Theory]
    [InlineData(0.8, ProofVerdict.Gain)]
    [InlineData(1.25, ProofVerdict.Harm)]
    [InlineData(1, ProofVerdict.NoDifference)]
    public void At_the_planned_views_it_is_decided_and_not_before(double times, ProofVerdict verdict)
    {
        ProofComparison report;
        var planned = 0L;
        do
        {
            AddOne(arm => (arm == Arm.Delivered ? times : 1) * (500 + _dice.Below(1000)));
            report = _comparison.Report();
            Assert.True(planned == 0 || report.PlannedViews == planned, "The horizon moved.");
            planned = report.PlannedViews;
            if (report.Verdict == ProofVerdict.NotYetDecided)
            {
                Assert.True(planned == 0 || report.Delivered.Views + report.HeldOut.Views < planned, "It is late.");
            }
        }
        while (report.Verdict == ProofVerdict.NotYetDecided);

        Assert.Equal(verdict, report.Verdict);
        Assert.Equal(planned, report.Delivered.Views + report.HeldOut.Views);
    }

    [Fact]
    public void A_verdict_stands_with_its_figures_until_the_next_one()
    {
        AddUntilDecided(arm => (arm == Arm.Delivered ? 0.7 : 1) * (500 + _dice.Below(1000)));
        var first = _comparison.Report();
        Assert.Equal((ProofVerdict.Gain, 0), (first.Verdict, first.ViewsSince));

        // The site has changed: it is slower now.
        ProofComparison report;
        var views = 0;
        do
        {
            AddOne(arm => (arm == Arm.Delivered ? 1.4 : 1) * (500 + _dice.Below(1000)));
            report = _comparison.Report();
            views++;
            if (report.Verdict != ProofVerdict.Harm)
            {
                // Beyond the limit of visitors views are estimated.
                Assert.Equal(first, report with { ViewsSince = 0 });
                Assert.InRange(report.ViewsSince, views * 0.9, views * 1.1);
            }
        }
        while (report.Verdict != ProofVerdict.Harm);

        Assert.True(report.Median!.Low > 0);
    }

    /// <summary>More pages are faster than slower, but a quarter is far slower: that is not called a gain.</summary>
    [Fact]
    public void What_harms_the_slow_quarter_is_a_harm()
    {
        AddUntilDecided(arm => arm == Arm.HeldOut ? 500 + _dice.Below(1000)
            : _dice.Below(3) == 0 ? 2000 + _dice.Below(100)
            : 300 + _dice.Below(500));
        var report = _comparison.Report();
        Assert.True(report.Median!.High < 0 && report.UpperQuartile!.Low > 0);
        Assert.Equal(ProofVerdict.Harm, report.Verdict);
    }

    [Fact]
    public void Several_threads_may_add_and_report()
    {
        Parallel.For(0, 8, thread =>
        {
            var dice = new Dice((ulong)thread);
            for (var i = 0; i < 20_000; i++)
            {
                _comparison.Add(dice.Below(2) == 0 ? Arm.Delivered : Arm.HeldOut, dice.Next() % 5000, dice.Uniform() * 1000);
                if (i % 1000 == 0)
                {
                    var report = _comparison.Report();
                    Assert.InRange(report.Delivered.Median ?? 500, 0, 1000);
                }
            }
        });
        Assert.NotEqual(ProofVerdict.Harm, _comparison.Report().Verdict);
    }

    private static void AssertUndecided(ProofComparison report)
    {
        Assert.Equal(ProofVerdict.NotYetDecided, report.Verdict);
        Assert.Null(report.Median);
        Assert.Null(report.UpperQuartile);
    }

    private void Add(Arm arm, int visitors, double milliseconds)
    {
        for (var i = 0; i < visitors; i++)
        {
            _comparison.Add(arm, _dice.Next(), milliseconds);
        }
    }

    private void AddUntilDecided(Func<Arm, double> time)
    {
        do
        {
            AddOne(time);
        }
        while (_comparison.Report().Verdict == ProofVerdict.NotYetDecided);
    }

    private void AddOne(Func<Arm, double> time)
    {
        var arm = _dice.Below(5) == 0 ? Arm.HeldOut : Arm.Delivered;
        _comparison.Add(arm, _dice.Next(), time(arm));
    }
}
