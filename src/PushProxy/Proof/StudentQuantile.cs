namespace PushProxy.Proof;

/// <summary>How many standard errors an interval reaches to each side.</summary>
internal static class StudentQuantile
{
    /// <summary>The normal quantile of a 95 % interval.</summary>
    public const double Of95 = 1.959964;

    /// <summary>The normal quantile of a 97.5 % interval.</summary>
    public const double Of975 = 2.241403;

    /// <summary>The normal quantile that 80 % are below.</summary>
    public const double OfPower80 = 0.841621;

    /// <summary>
    /// Returns Student's quantile for a normal one: few visitors tell little of how much they differ. It is the Cornish–Fisher expansion,
    /// right to 0.003 from 10 degrees on (Abramowitz &amp; Stegun 26.7.5).
    /// </summary>
    /// <param name="z">The normal quantile.</param>
    /// <param name="degrees">The degrees of freedom.</param>
    public static double Of(double z, double degrees)
    {
        var (z3, z5) = (z * z * z, z * z * z * z * z);
        return z + ((z3 + z) / (4 * degrees)) + (((5 * z5) + (16 * z3) + (3 * z)) / (96 * degrees * degrees));
    }
}
