using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>What a comparison has decided, in plain words. A harm is said in the same words as a gain.</summary>
/// <param name="Mark">How it is marked, beside its words: <c>gain</c>, <c>harm</c>, <c>same</c>, <c>open</c> or <c>none</c>.</param>
/// <param name="Headline">One sentence.</param>
/// <param name="Detail">What it rests on, or what to do.</param>
internal sealed record VerdictText(string Mark, string Headline, string Detail)
{
    /// <summary>The verdict on all pages.</summary>
    /// <param name="proof">All comparisons.</param>
    /// <param name="holdOut">The largest share of visitors held out, in percent.</param>
    public static VerdictText Of(IReadOnlyList<ProofGroup> proof, int holdOut)
    {
        var comparison = proof is [{ Kind: "all", Measures: [{ } first, ..] }, ..] ? first : null;
        var views = comparison is null ? 0 : comparison.Delivered.Views + comparison.HeldOut.Views;
        if (holdOut == 0 && (views == 0 || comparison!.Verdict == ProofVerdict.NotYetDecided))
        {
            return new("none", "Nothing is compared: HoldOut is 0.",
                "To see what PushProxy gains here, let it leave a few visitors alone: 5 % is enough (PushProxy:Defaults:HoldOut).");
        }

        return views == 0
            ? new("open", "Not yet decided: no page view has been measured.",
                $"{holdOut} % of visitors are served without early delivery, to compare with. "
                    + "The first figures come with the first visitors.")
            : Of(comparison!);
    }

    /// <summary>How much sooner or later: <c>182 ms (21 %) sooner</c>.</summary>
    public static string Change(ProofEffect effect) =>
        $"{Say.Milliseconds(Math.Abs(effect.Milliseconds))} ({Say.Percent(effect.Relative)}) {Direction(effect.Milliseconds)}";

    /// <summary>The 95 % interval: <c>150 to 214 ms sooner</c>.</summary>
    public static string Interval(ProofEffect effect)
    {
        var (low, high) = (Math.Min(effect.Low, effect.High), Math.Max(effect.Low, effect.High));
        return low < 0 && high > 0
                ? $"between {Say.Milliseconds(-low)} sooner and {Say.Milliseconds(high)} later"
            : high <= 0 ? $"{Span(-high, -low)} sooner" : $"{Span(low, high)} later";
    }

    /// <summary>The verdict in a word or two, for tables.</summary>
    public static string Short(ProofComparison comparison) => comparison.Verdict switch
    {
        ProofVerdict.Gain => "sooner",
        ProofVerdict.Harm => "LATER",
        ProofVerdict.NoDifference => "no difference",
        _ => comparison.PlannedViews > 0 ? $"not yet: {Progress(comparison)}" : "not yet",
    };

    /// <summary>How to mark it in tables.</summary>
    public static string MarkOf(ProofComparison comparison) => comparison.Verdict switch
    {
        ProofVerdict.Gain => "gain",
        ProofVerdict.Harm => "harm",
        ProofVerdict.NoDifference => "same",
        _ => "open",
    };

    private static VerdictText Of(ProofComparison comparison)
    {
        var mark = MarkOf(comparison);
        var views = $"over {Say.Count(comparison.Delivered.Views + comparison.HeldOut.Views, "view")} of "
            + $"{Say.Count(comparison.Delivered.Visitors + comparison.HeldOut.Visitors, "visitor")}";
        switch (comparison.Verdict)
        {
            case ProofVerdict.Gain or ProofVerdict.Harm:
                var isGain = comparison.Verdict == ProofVerdict.Gain;

                // Which of the two the verdict rests on is the one that says the same.
                var (effect, which) = Fits(comparison.Median) ? (comparison.Median, "median")
                    : (Fits(comparison.UpperQuartile) ? comparison.UpperQuartile : null, "75th percentile");
                return effect is null
                    ? new(mark, $"Pages are displayed {(isGain ? "sooner" : "later")} with PushProxy.", $"Decided {views}.")
                    : new(mark, $"Pages are displayed {Change(effect)} with PushProxy.",
                        $"95 % interval of the {which}: {Interval(effect)}, {views}."
                        + (isGain ? "" : " Look below where it harms. Until then, PushProxy:Defaults:Delivery off switches it off."));

                bool Fits(ProofEffect? of) => of is not null && (of.Milliseconds < 0) == isGain;

            case ProofVerdict.NoDifference:
                return new(mark, "PushProxy makes no difference here that can be measured.",
                    comparison.Median is { } median ? $"95 % interval of the median: {Interval(median)}, {views}." : $"Decided {views}.");
            default:
                return new(mark, comparison.PlannedViews > 0 ? $"Not yet decided: {Progress(comparison)} views."
                    : $"Not yet decided: {Say.Count(comparison.Delivered.Views + comparison.HeldOut.Views, "view")} so far.",
                    comparison.PlannedViews > 0
                        ? "Until then figures may go either way by chance, so nothing is said."
                        : "How many are needed can be told when both kinds of visitors have come often enough.");
        }
    }

    private static string Progress(ProofComparison comparison) =>
        $"{Say.Count(comparison.Delivered.Views + comparison.HeldOut.Views)} of about {Say.Count(comparison.PlannedViews)}";

    private static string Direction(double milliseconds) => milliseconds < 0 ? "sooner" : "later";

    // The unit is said once if both have the same.
    private static string Span(double from, double to)
    {
        var (low, high) = (Say.Milliseconds(from), Say.Milliseconds(to));
        return low[low.IndexOf(' ', StringComparison.Ordinal)..] == high[high.IndexOf(' ', StringComparison.Ordinal)..]
            ? $"{low[..low.IndexOf(' ', StringComparison.Ordinal)]} to {high}" : $"{low} to {high}";
    }
}
