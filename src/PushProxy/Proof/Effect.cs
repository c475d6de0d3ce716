namespace PushProxy.Proof;

/// <summary>Compares a percentile of the two arms.</summary>
/// <remarks>
/// Each arm's interval is as lopsided as its distribution, and the two are of very different width. They are combined as Zou &amp; Donner
/// do ("Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008; MOVER): each end of the
/// difference's interval is as far away as the two ends it comes from are together. The ends of the relative effect are those at which
/// that interval, of the difference to so many times the held-out value, ends at 0 (Donner &amp; Zou, "Closed-form confidence intervals
/// for functions of the normal mean and standard deviation", Statistical Methods in Medical Research 21, 2012), so both
/// intervals always agree whether there is a difference.
/// </remarks>
internal static class Effect
{
    /// <summary>The fewest visitors of an arm that an interval is made of. With fewer it would cover the truth too rarely.</summary>
    public const int MinVisitors = 100;

    /// <summary>
    /// The same counted by <see cref="ArmDistribution.EffectiveVisitors"/>, for when a few of them have most views. It is low because it
    /// should hardly ever be what decides: who reads much may well be fast, and to wait until few of them are there would be to choose.
    /// </summary>
    public const int MinEffectiveVisitors = 20;

    /// <summary>Returns whether an interval can be made of these arms.</summary>
    public static bool CanCompare(ArmDistribution delivered, ArmDistribution heldOut) =>
        Math.Min(delivered.SampledVisitors, heldOut.SampledVisitors) >= MinVisitors
        && Math.Min(delivered.EffectiveVisitors, heldOut.EffectiveVisitors) >= MinEffectiveVisitors;

    /// <summary>Returns the effect, or null if there are too few visitors, or the held-out times are 0.</summary>
    /// <param name="delivered">The arm that gets early delivery.</param>
    /// <param name="heldOut">The arm held out.</param>
    /// <param name="share">Which percentile: 0.5 is the median.</param>
    /// <param name="z">The normal quantile of the interval's level.</param>
    public static ProofEffect? Of(ArmDistribution delivered, ArmDistribution heldOut, double share, double z)
    {
        if (!CanCompare(delivered, heldOut))
        {
            return null;
        }

        var (a, b) = (delivered.Quantile(share), heldOut.Quantile(share));
        return Of(a.Value, a.Interval(z), b.Value, b.Interval(z));
    }

    /// <summary>Returns the effect of two values with an interval each, or null if that of the held-out value reaches down to 0.</summary>
    public static ProofEffect? Of(double a, (double Low, double High) ofA, double b, (double Low, double High) ofB)
    {
        var lowest = ofB.Low * ((2 * b) - ofB.Low);
        if (lowest <= 0)
        {
            return null;
        }

        var difference = a - b;
        var low = difference - Hypotenuse(a - ofA.Low, ofB.High - b);
        var high = difference + Hypotenuse(ofA.High - a, b - ofB.Low);

        // (a - r b)² = (a - Low of a)² + r² (High of b - b)², the smaller r, in the form that does not divide by what may be 0.
        var product = a * b;
        var lows = ofA.Low * ((2 * a) - ofA.Low);
        var below = product + Root((product * product) - (lows * ofB.High * ((2 * b) - ofB.High)));
        var relativeLow = below > 0 ? lows / below : 0;

        // The same with the other ends, the larger r.
        var highs = ofA.High * ((2 * a) - ofA.High);
        var relativeHigh = (product + Root((product * product) - (highs * lowest))) / lowest;
        return new ProofEffect(difference, low, high, (a / b) - 1, relativeLow - 1, relativeHigh - 1);
    }

    private static double Hypotenuse(double x, double y) => Math.Sqrt((x * x) + (y * y));

    // What is below 0 is so by rounding.
    private static double Root(double x) => Math.Sqrt(Math.Max(0, x));
}
