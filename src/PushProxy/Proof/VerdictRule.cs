namespace PushProxy.Proof;

/// <summary>
/// Says what the planned views show.
/// </summary>
/// <remarks>
/// It asks twice, for the median and for the 75th percentile, and each could be wrong: so each is held against an interval of 97.5 %, not
/// the shown one of 95 %, and both together are wrong in less than 5 % (Bonferroni). Pages that became slower for many are a harm
/// even if they became faster for others, so a harm in either is said.
/// </remarks>
internal static class VerdictRule
{
    /// <summary>Returns the verdict.</summary>
    /// <param name="delivered">The arm that gets early delivery.</param>
    /// <param name="heldOut">The arm held out.</param>
    public static ProofVerdict Decide(ArmDistribution delivered, ArmDistribution heldOut)
    {
        var median = Effect.Of(delivered, heldOut, 0.5, StudentQuantile.Of975);
        var upperQuartile = Effect.Of(delivered, heldOut, 0.75, StudentQuantile.Of975);
        return median?.Low > 0 || upperQuartile?.Low > 0 ? ProofVerdict.Harm
            : median?.High < 0 || upperQuartile?.High < 0 ? ProofVerdict.Gain
            : ProofVerdict.NoDifference;
    }
}
