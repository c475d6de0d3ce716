using PushProxy.Load.Views.Report;

namespace PushProxy.Load.Tests.Views;

/// <summary>Where the report's charts have ticks, and what stands at them.</summary>
public sealed class AxisTests
{
    [Theory]
    [InlineData(20, "0 5 10 15 20")]
    [InlineData(21, "0 5 10 15 20 25")]
    [InlineData(7, "0 2 4 6 8")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(1, "0 1")]
    [InlineData(0.3, "0 1")]
    [InlineData(0, "0 1")]
    [InlineData(4_321, "0 1,000 2,000 3,000 4,000 5,000")]
    public void What_is_counted_has_ticks_at_whole_numbers_only(double most, string ticks) => Assert.Equal(ticks, Drawn(most, whole: true));

    [Theory]
    [InlineData(0.7, "0.0 0.2 0.4 0.6 0.8")]
    [InlineData(0.05, "0.00 0.01 0.02 0.03 0.04 0.05")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(2.2, "0.0 0.5 1.0 1.5 2.0 2.5")]
    [InlineData(0.3, "0.0 0.1 0.2 0.3")]
    [InlineData(130, "0 50 100 150")]
    [InlineData(1_928.3, "0 500 1,000 1,500 2,000")]
    public void What_is_measured_may_have_fractions_and_steps_stay_round(double most, string ticks) =>
        Assert.Equal(ticks, Drawn(most, whole: false));

    [Fact]
    public void Steps_are_one_two_or_five_times_a_power_of_ten_and_reach_to_the_top()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var most = Math.Pow(10, (random.NextDouble() * 9) - 3);
            var axis = new Axis(most, 5, whole: false);
            var step = axis.Ticks[1];
            Assert.Contains(Math.Round(step / Math.Pow(10, Math.Floor(Math.Log10(step * 1.0001))), 6), new[] { 1.0, 2, 5 });
            Assert.InRange(most, axis.Ticks[^2] * 0.999999, axis.End * 1.000001);
            Assert.InRange(axis.Ticks.Count, 3, 6);
        }
    }

    [Fact]
    public void A_chart_of_few_views_shows_no_fraction_of_one()
    {
        var chart = LineChart.Draw("Views", "", [1, 2, 3], AxisUnit.Counted, new Series("finished", "c1", [1, 0, 2]));
        Assert.Equal(["0", "1", "2", "0", "1", "2", "3 s"], Texts(chart));
        var times = LineChart.Draw("Milliseconds", "", [1], AxisUnit.Measured, new Series("half", "c1", [0.4]));
        Assert.Equal(["0.0", "0.1", "0.2", "0.3", "0.4", "0", "1 s"], Texts(times));
    }

    private static string Drawn(double most, bool whole)
    {
        var axis = new Axis(most, 5, whole);
        return string.Join(' ', axis.Ticks.Select(axis.Label));
    }

    private static IEnumerable<string> Texts(string chart) =>
        chart.Split("</text>")[..^1].Select(static t => t[(t.LastIndexOf('>') + 1)..]);
}
