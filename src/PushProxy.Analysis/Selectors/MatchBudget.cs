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

    /// <summary>One step; false when there are none left.</summary>
    public bool Spend() => --_left > 0;
}
