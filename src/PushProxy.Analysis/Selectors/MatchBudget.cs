namespace PushProxy.Analysis.Selectors;

/// <summary>
/// How many steps matching may still take: a hostile pair of page and stylesheet can make it take years. When they are used up,
/// nothing more matches.
/// </summary>
internal sealed class MatchBudget(long steps)
{
    private long _left = steps;

    /// <summary>Whether it was used up.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>Takes one step; false when all steps are used up.</summary>
    public bool Spend() => --_left > 0;
}
