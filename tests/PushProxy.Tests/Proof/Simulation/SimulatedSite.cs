using PushProxy.Proof;

namespace PushProxy.Tests.Proof.Simulation;

/// <summary>
/// A site whose times are known by formula: each visitor has his own speed, his views vary around it, some of them take far longer, and
/// he has 1 to 50 of them.
/// </summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Between">How much visitors differ: the standard deviation of the logarithm.</param>
/// <param name="Within">How much views of one visitor differ.</param>
/// <param name="TailShare">The share of views that take longer by a factor with a Pareto distribution.</param>
/// <param name="TailIndex">Its index. Below 2 its variance is infinite.</param>
/// <param name="Kinds">
/// The kinds of visitors: their share, how many times as slow as others they are, and the exponent of how many views they have: few have
/// many (Zipf).
/// </param>
internal sealed record SimulatedSite(
    string Name, double Between, double Within, double TailShare, double TailIndex,
    params (double Share, double Slower, double Zipf)[] Kinds)
{
    private const double Typical = 800;
    private const int MostViews = 50;

    private readonly double[][] _viewsUpTo = [.. Kinds.Select(static k => UpTo(k.Zipf))];

    /// <summary>All sites that are simulated.</summary>
    public static readonly SimulatedSite[] All =
    [
        new("visitors alike", 0.3, 0.6, 0, 1, (1, 1, 1.5)),
        new("visitors far apart", 0.8, 0.4, 0, 1, (1, 1, 1.5)),
        new("Pareto tail", 0.5, 0.4, 0.2, 1.2, (1, 1, 1.5)),
        new("the fast read more", 0.4, 0.4, 0.05, 1.5, (0.5, 1.6, 2.5), (0.5, 0.8, 1.2)),
    ];

    /// <summary>A new visitor.</summary>
    public (double LogSpeed, int Views) Visitor(Dice dice)
    {
        var kind = 0;
        for (var rest = dice.Uniform(); kind < Kinds.Length - 1 && rest > Kinds[kind].Share; kind++)
        {
            rest -= Kinds[kind].Share;
        }

        var upTo = Array.BinarySearch(_viewsUpTo[kind], dice.Uniform());
        return (Math.Log(Typical * Kinds[kind].Slower) + (Between * dice.Normal()), (upTo < 0 ? ~upTo : upTo) + 1);
    }

    /// <summary>The time of one view of such a visitor.</summary>
    public double View(double logSpeed, Dice dice)
    {
        var log = logSpeed + (Within * dice.Normal());
        if (TailShare > 0 && dice.Uniform() < TailShare)
        {
            log -= Math.Log(dice.Uniform()) / TailIndex;
        }

        return Math.Exp(log);
    }

    /// <summary>The true percentile of all views, where a visitor counts for as many as he may.</summary>
    public double Quantile(double share)
    {
        var (low, high) = (1.0, 1e6);
        while (high - low > 1e-6)
        {
            var middle = (low + high) / 2;
            (low, high) = ShareBelow(middle) < share ? (middle, high) : (low, middle);
        }

        return low;
    }

    private double ShareBelow(double milliseconds)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var kind = 0; kind < Kinds.Length; kind++)
        {
            var weight = Kinds[kind].Share * MeanCounted(kind);
            sum += weight * LogShareBelow(Math.Log(milliseconds / (Typical * Kinds[kind].Slower)));
            weights += weight;
        }

        return sum / weights;
    }

    // The logarithm is normal, and in the tail the sum of a normal and an exponential number.
    private double LogShareBelow(double x)
    {
        var deviation = Math.Sqrt((Between * Between) + (Within * Within));
        var normal = Phi(x / deviation);
        var rate = TailIndex;
        var tail = normal - (Math.Exp((rate * rate * deviation * deviation / 2) - (rate * x)) * Phi((x / deviation) - (rate * deviation)));
        return ((1 - TailShare) * normal) + (TailShare * tail);
    }

    private double MeanCounted(int kind)
    {
        var upTo = _viewsUpTo[kind];
        return Enumerable.Range(0, MostViews)
            .Sum(i => (upTo[i] - (i == 0 ? 0 : upTo[i - 1])) * Math.Min(i + 1, VisitorSample.ViewsPerVisitor));
    }

    private static double[] UpTo(double zipf)
    {
        var shares = Enumerable.Range(1, MostViews).Select(n => Math.Pow(n, -zipf)).ToArray();
        var (all, sum) = (shares.Sum(), 0.0);
        return [.. shares.Select(s => (sum += s) / all)];
    }

    // The normal distribution, by the sum of its series: exact enough to 16 digits where it is used.
    private static double Phi(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        var (sum, term) = (x, x);
        for (var i = 3; Math.Abs(term) > 1e-17; i += 2)
        {
            sum += term *= x * x / i;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
