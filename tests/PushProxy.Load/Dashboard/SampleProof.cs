namespace PushProxy.Load.Dashboard;

/// <summary>Comparisons as a site might have them, for tests and pictures of the dashboard.</summary>
internal static class SampleProof
{
    /// <summary>All of them, by what the verdict is.</summary>
    /// <param name="verdict">The verdict on all pages.</param>
    public static IReadOnlyList<ProofGroup> Of(ProofVerdict verdict)
    {
        var factor = verdict switch { ProofVerdict.Gain => 0.78, ProofVerdict.Harm => 1.17, ProofVerdict.NoDifference => 0.997, _ => 0.93 };
        var views = verdict == ProofVerdict.NotYetDecided ? 1240 : 12_340;
        return
        [
            new("all", "all",
            [
                Measure("display", 822, factor, views, verdict),
                Measure("first-byte", 412, 1.004, views, verdict == ProofVerdict.NotYetDecided ? verdict : ProofVerdict.NoDifference),
                Measure("fcp", 904, factor + 0.02, views / 10, verdict),
                Measure("lcp", 1160, factor + 0.05, views / 10, verdict),
            ]),
            new("client", "early-hints", [Measure("display", 815, factor, (views * 8) / 10, verdict)]),
            new("client", "link", [Measure("display", 861, 1, views / 5, ProofVerdict.NotYetDecided)]),
            new("page", "/news/", [Measure("display", 1022, factor - 0.05, views / 2, verdict)]),
            new("page", "/shop/", [Measure("display", 640, factor, views / 3, verdict)]),
            new("page", "/search", [Measure("display", 1480, 1.06, views / 6, ProofVerdict.Harm)]),
            new("protocol", "HTTP/1.1", [Measure("display", 1190, 0.99, views / 10, ProofVerdict.NotYetDecided)]),
            new("protocol", "HTTP/2", [Measure("display", 808, factor, (views * 9) / 10, verdict)]),
            new("view", "first", [Measure("display", 1013, factor, views / 3, verdict)]),
            new("view", "later", [Measure("display", 702, factor, (views * 2) / 3, verdict)]),
        ];
    }

    private static ProofComparison Measure(string name, double median, double factor, int views, ProofVerdict verdict)
    {
        var heldOut = (views * 5) / 100;
        var (with, without) = (Arm(median * factor, views - heldOut), Arm(median, heldOut));
        return new ProofComparison(
            name, with, without, Effect(with.Median!.Value, without.Median!.Value),
            Effect(with.UpperQuartile!.Value, without.UpperQuartile!.Value), 9000, verdict);
    }

    private static ProofEffect Effect(double with, double without)
    {
        var (difference, width) = (with - without, 0.039 * without);
        return new(difference, difference - width, difference + width, difference / without, (difference - width) / without,
            (difference + width) / without);
    }

    // Times of pages have a long tail: their logarithms are spread evenly around the median.
    private static ProofArm Arm(double median, int views)
    {
        double[] percentiles = [.. Enumerable.Range(1, 19).Select(i => median * Math.Exp(0.33 * Math.Log(i / (20.0 - i))))];
        return new(views, (views * 26) / 100, percentiles[9], percentiles[14], percentiles);
    }
}
