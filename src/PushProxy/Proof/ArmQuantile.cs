namespace PushProxy.Proof;

/// <summary>A percentile of one arm, with what is needed to make intervals of it.</summary>
/// <param name="arm">The arm's distribution.</param>
/// <param name="share">Which percentile: 0.5 is the median.</param>
/// <param name="standardError">
/// The standard error of the share of views below it. It is one of shares, not of milliseconds: the interval's ends are percentiles, too.
/// </param>
internal sealed class ArmQuantile(ArmDistribution arm, double share, double standardError)
{
    /// <summary>Gets the percentile in milliseconds.</summary>
    public double Value { get; } = arm.At(share);

    /// <summary>
    /// Gets the standard error in milliseconds times the root of the number of visitors: what one visitor more is worth. The slope of the
    /// distribution is taken over the percentiles ten to each side, which is steadier than what the interval itself spans.
    /// </summary>
    public double PerVisitor => standardError * (arm.At(share + 0.1) - arm.At(share - 0.1)) / 0.2 * Math.Sqrt(arm.SampledVisitors);

    /// <summary>Returns the ends of an interval.</summary>
    /// <param name="z">The normal quantile of its level.</param>
    public (double Low, double High) Interval(double z)
    {
        var reach = StudentQuantile.Of(z, arm.EffectiveVisitors - 1) * standardError;
        return (arm.At(share - reach), arm.At(share + reach));
    }
}
