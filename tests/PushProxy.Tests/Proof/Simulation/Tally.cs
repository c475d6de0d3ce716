using System.Globalization;

namespace PushProxy.Tests.Proof.Simulation;

/// <summary>What many simulations of one site with one effect showed.</summary>
internal sealed class Tally(SimulatedSite site, double effect)
{
    private readonly double _median = site.Quantile(0.5) * effect;
    private readonly double _upperQuartile = site.Quantile(0.75) * effect;

    public int Runs { get; private set; }

    /// <summary>How often there were enough visitors for an effect.</summary>
    public int WithEffect { get; private set; }

    public int CoverMedian { get; private set; }

    public int CoverUpperQuartile { get; private set; }

    public int CoverRelative { get; private set; }

    public int Gains { get; private set; }

    public int Harms { get; private set; }

    /// <summary>How often the verdict was wrong: an effect where there is none, or the opposite one.</summary>
    public int Wrong => (effect <= 0 ? Harms : 0) + (effect >= 0 ? Gains : 0);

    /// <summary>How often it would have been, had one taken the first interval without 0 for an effect.</summary>
    public int WrongByPeeking { get; private set; }

    private double Planned { get; set; }

    /// <summary>Adds what was shown.</summary>
    /// <param name="report">The report.</param>
    /// <param name="peeked">The difference at the first look whose interval did not have 0 in it; 0 if all had.</param>
    public void Add(ProofComparison report, double peeked = 0)
    {
        lock (this)
        {
            Runs++;
            WithEffect += report.Median is null ? 0 : 1;
            CoverMedian += report.Median is { } m && m.Low <= _median && _median <= m.High ? 1 : 0;
            CoverRelative += report.Median is { } r && r.RelativeLow <= effect && effect <= r.RelativeHigh ? 1 : 0;
            CoverUpperQuartile += report.UpperQuartile is { } u && u.Low <= _upperQuartile && _upperQuartile <= u.High ? 1 : 0;
            Gains += report.Verdict == ProofVerdict.Gain ? 1 : 0;
            Harms += report.Verdict == ProofVerdict.Harm ? 1 : 0;
            Planned += report.PlannedViews;
            WrongByPeeking += (effect <= 0 && peeked > 0) || (effect >= 0 && peeked < 0) ? 1 : 0;
        }
    }

    /// <summary>A line of the tables in docs/proof.md.</summary>
    public override string ToString()
    {
        string Part(int count) => Of(count, Runs);
        var covers = $"| {site.Name} | {100 * effect:0} % | {Runs} | {Of(CoverMedian, WithEffect)} | {Of(CoverRelative, WithEffect)} | "
            + $"{Of(CoverUpperQuartile, WithEffect)} |";
        return Gains + Harms == 0
            ? $"{covers} {Part(WithEffect)} |"
            : $"{covers} {(int)(Planned / Runs / 1000)},000 | {Part(Gains)} | {Part(Harms)} | {Part(Runs - Gains - Harms)} | "
                + $"{Part(Wrong)} | {Part(WrongByPeeking)} |";
    }

    private static string Of(int count, int all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / all:F1} %");
}
