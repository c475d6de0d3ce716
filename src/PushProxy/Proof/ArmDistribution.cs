using System.Buffers;

namespace PushProxy.Proof;

/// <summary>
/// The distribution of what was measured in one arm, and how sure its percentiles are.
/// </summary>
/// <remarks>
/// The views of one visitor are alike, so their number says too little. What is independent are visitors: the share of views below a
/// value is a ratio of two sums over visitors, whose variance the delta method gives. An interval of a percentile are the percentiles at
/// the ends of that share's interval, so no density is estimated: Woodruff, "Confidence Intervals for Medians and Other Position
/// Measures", JASA 47, 1952; for visitors and their views, Deng, Knoblich &amp; Lu, "Applying the Delta Method in Metric Analytics"
/// (KDD 2018), section 4, where it is the outer confidence interval.
/// </remarks>
internal sealed class ArmDistribution : IDisposable
{
    // The least part of all views that has one value for it to matter.
    private const double Jump = 0.01;

    private readonly VisitorSample _sample;

    // How many views have a code or a lower one.
    private readonly int[] _cumulated = ArrayPool<int>.Shared.Rent(Milliseconds16.Codes);
    private readonly int _views;

    /// <param name="sample">The arm's visitors. It must not change while the distribution is in use.</param>
    public ArmDistribution(VisitorSample sample)
    {
        _sample = sample;
        Array.Clear(_cumulated, 0, Milliseconds16.Codes);
        var squares = 0L;
        for (var place = 0; place < sample.Count; place++)
        {
            var views = sample.ViewsOf(place);
            squares += (long)views.Length * views.Length;
            foreach (var code in views)
            {
                _cumulated[code]++;
            }
        }

        foreach (ref var count in _cumulated.AsSpan(0, Milliseconds16.Codes))
        {
            count = _views += count;
        }

        EffectiveVisitors = squares == 0 ? 0 : (double)_views * _views / squares;
    }

    /// <summary>Gets how many visitors with as many views each would tell as much as these do (Kish).</summary>
    public double EffectiveVisitors { get; }

    /// <summary>Gets how many visitors are in the sample.</summary>
    public int SampledVisitors => _sample.Count;

    /// <summary>Returns a percentile in milliseconds, interpolated between two views (Hazen); 0 without views.</summary>
    /// <param name="share">The share of views below it. What is below 0 or above 1 is the shortest or longest view.</param>
    public double At(double share)
    {
        var (low, high, part) = Around(share);
        return Milliseconds16.Decode(low) + (part * (Milliseconds16.Decode(high) - Milliseconds16.Decode(low)));
    }

    /// <summary>Returns a percentile with the standard error of its share.</summary>
    /// <param name="share">The share of views below it, between 0 and 1.</param>
    public ArmQuantile Quantile(double share)
    {
        // Where many views have one value, the share jumps there: the interval must be right on both sides of the jump.
        var (code, _, _) = Around(share);
        var before = code == 0 ? 0 : _cumulated[code - 1];
        var jumps = before > 0 && _cumulated[code] - before > Jump * _views;
        return new ArmQuantile(this, share, Math.Sqrt(Math.Max(Variance(code), jumps ? Variance(code - 1) : 0)));
    }

    /// <summary>Returns what is shown of the arm.</summary>
    public ProofArm Report() => _views == 0
        ? new ProofArm(0, 0, null, null, [])
        : new ProofArm(
            (long)Math.Round(_sample.Views), (long)Math.Round(_sample.Visitors), At(0.5), At(0.75),
            [.. Enumerable.Range(1, 19).Select(twentieth => At(twentieth / 20.0))]);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<int>.Shared.Return(_cumulated);

    // The variance of the share of views with this code or a lower one, of visitors drawn at random.
    private double Variance(int code)
    {
        if (_sample.Count < 2)
        {
            return 0;
        }

        var share = (double)_cumulated[code] / _views;
        var sum = 0.0;
        for (var place = 0; place < _sample.Count; place++)
        {
            var views = _sample.ViewsOf(place);
            var below = 0;
            foreach (var view in views)
            {
                below += view <= code ? 1 : 0;
            }

            // Without this visitor the share would be another one: the jackknife, which is right even where few have most views.
            var rest = (below - (share * views.Length)) / (1 - ((double)views.Length / _views));
            sum += rest * rest;
        }

        return sum / ((double)_views * _views);
    }

    private (int Low, int High, double Part) Around(double share)
    {
        if (_views == 0)
        {
            return default;
        }

        var rank = Math.Clamp((share * _views) - 0.5, 0, _views - 1);
        var below = (int)rank;
        return (CodeOf(below), CodeOf(Math.Min(below + 1, _views - 1)), rank - below);
    }

    // The code of a view by its rank, from 0: the first with more views up to it than come before the view.
    private int CodeOf(int rank)
    {
        var (from, to) = (0, Milliseconds16.Codes - 1);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = _cumulated[middle] > rank ? (from, middle) : (middle + 1, to);
        }

        return from;
    }
}
