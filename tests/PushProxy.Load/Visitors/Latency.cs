namespace PushProxy.Load;

/// <summary>
/// Percentiles by nearest rank, in milliseconds. One that needs more views than there are is null: it would be no more than the longest
/// view.
/// </summary>
/// <param name="Count">Of how many.</param>
/// <param name="P50">Half took no longer.</param>
/// <param name="P90">Nine of ten took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Max">The longest.</param>
internal sealed record Latency(long Count = 0, double? P50 = null, double? P90 = null, double? P99 = null, double Max = 0)
{
    /// <summary>Half took no longer.</summary>
    public double? P50 { get; } = Enough(Count, 50) ? P50 : null;

    /// <summary>Nine of ten took no longer.</summary>
    public double? P90 { get; } = Enough(Count, 90) ? P90 : null;

    /// <summary>99 of 100 took no longer.</summary>
    public double? P99 { get; } = Enough(Count, 99) ? P99 : null;

    /// <summary>How many views a percentile needs, so that at least one of them may be expected beyond it: 2, 10 or 100.</summary>
    public static int Needed(int percent) => (100 + 99 - percent) / (100 - percent);

    private static bool Enough(long count, int percent) => count >= Needed(percent);
}
