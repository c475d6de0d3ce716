namespace PushProxy.Proof;

/// <summary>
/// Says how many views a verdict has to wait for, from the first ones. It looks at how much they vary, not at how the arms differ, so
/// what the arms show by then cannot choose when to stop.
/// </summary>
internal static class Horizon
{
    /// <summary>The visitors of each arm that it is estimated from.</summary>
    public const int PilotVisitors = 200;

    /// <summary>The effect on the median, as a part of it, that a verdict finds four times of five if there is one.</summary>
    public const double SoughtEffect = 0.05;

    /// <summary>Returns the number of views, of both arms together, or 0 if it cannot be estimated from these.</summary>
    /// <param name="delivered">The arm that gets early delivery.</param>
    /// <param name="heldOut">The arm held out.</param>
    /// <param name="limit">The most visitors of one arm that are kept.</param>
    public static long Plan(VisitorSample delivered, VisitorSample heldOut, int limit)
    {
        using var first = new ArmDistribution(delivered);
        using var second = new ArmDistribution(heldOut);
        if (!Effect.CanCompare(first, second))
        {
            return 0;
        }

        var (a, b) = (first.Quantile(0.5), second.Quantile(0.5));
        if (a.Value <= 0 || b.Value <= 0)
        {
            return 0;
        }

        // What is usually the far larger arm tells best how much visitors differ in relation to the median.
        var relative = ((delivered.Count * Square(a.PerVisitor / a.Value)) + (heldOut.Count * Square(b.PerVisitor / b.Value)))
            / (delivered.Count + heldOut.Count);
        var wanted = Square(SoughtEffect / (StudentQuantile.Of975 + StudentQuantile.OfPower80));

        // Visitors come at the rate they came; of each arm no more are kept than the limit. At seven eighths of it an arm was thinned.
        var views = delivered.Views + heldOut.Views;
        var (rateDelivered, rateHeldOut) = (delivered.Visitors / views, heldOut.Visitors / views);
        var kept = limit * 7 / 8.0;
        double Variance(double at) =>
            relative * ((1 / Math.Min(kept, at * rateDelivered)) + (1 / Math.Min(kept, at * rateHeldOut)));

        // Once both are full, more views tell nothing new. As the variance only falls, halving finds the first number that is enough.
        var (from, to) = (views, Math.Max(views, kept / Math.Min(rateDelivered, rateHeldOut)));
        while (to - from > 1)
        {
            var middle = (from + to) / 2;
            (from, to) = Variance(middle) <= wanted ? (from, middle) : (middle, to);
        }

        return (long)Math.Ceiling(to);
    }

    private static double Square(double x) => x * x;
}
