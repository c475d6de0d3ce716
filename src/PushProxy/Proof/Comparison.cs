using PushProxy.Model;

namespace PushProxy.Proof;

/// <summary>Compares the two arms in one measure. It may be used by several threads.</summary>
/// <remarks>
/// Views are gathered in periods. How long one is gets fixed from its first views, and at its end it is decided, once; whoever looks in
/// between changes nothing. Then the next one begins, and what was decided is shown, with the figures it was decided on, until the next
/// verdict: a site that changes is not judged by last year. Nothing here reads a clock.
/// </remarks>
internal sealed class Comparison
{
    /// <summary>The most visitors of one arm kept for a part of all views: about 200 kB an arm.</summary>
    public const int PartVisitors = 4_096;

    /// <summary>
    /// The most visitors of one arm kept for all views: about 2 MB an arm, and enough for an effect of 5 % where times
    /// vary as much as they do.
    /// </summary>
    public const int AllVisitors = 32_768;

    private readonly string _measure;
    private readonly int _visitors;
    private readonly Lock _lock = new();
    private readonly Lock _reporting = new();
    private ulong _seed;
    private Period _current;

    // A period that is over but not decided yet. That takes milliseconds, which no request should wait for.
    private Period? _over;

    private ProofComparison? _decided;
    private ProofComparison? _live;
    private double _liveViews;

    /// <param name="measure">The name of the measure.</param>
    /// <param name="visitors">The most visitors of one arm that are kept.</param>
    /// <param name="seed">Chooses which ones; by default at random.</param>
    public Comparison(string measure, int visitors = PartVisitors, ulong? seed = null)
    {
        _measure = measure;
        _visitors = visitors;
        _seed = seed ?? BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        _current = new Period(visitors, _seed);
    }

    /// <summary>Adds one page view.</summary>
    /// <param name="arm">The arm: <see cref="Arm.Delivered"/> or <see cref="Arm.HeldOut"/>; with another nothing is added.</param>
    /// <param name="visitor">Tells visitors apart.</param>
    /// <param name="milliseconds">What was measured, clamped to 0 … 10 minutes. What is no finite number is not added.</param>
    public void Add(Arm arm, ulong visitor, double milliseconds)
    {
        if (arm is not (Arm.Delivered or Arm.HeldOut) || !double.IsFinite(milliseconds))
        {
            return;
        }

        lock (_lock)
        {
            _current.Add(arm, visitor, milliseconds);
            if (_current.IsOver)
            {
                _over = _current;
                _current = new Period(_visitors, ++_seed);
            }
        }
    }

    /// <summary>
    /// Returns what is known now. Before the first verdict it is made anew when there is a hundredth more views than the last time.
    /// </summary>
    public ProofComparison Report()
    {
        lock (_reporting)
        {
            Period? over;
            VisitorSample? delivered = null, heldOut = null;
            double views;
            long planned;
            lock (_lock)
            {
                (over, _over) = (_over, null);
                (views, planned) = (_current.Views, _current.Planned);
                if (over is null && _decided is null && (_live is null || views > _liveViews * 1.01 || planned != _live.PlannedViews))
                {
                    (delivered, heldOut) = (_current.Delivered.Freeze(), _current.HeldOut.Freeze());
                }
            }

            if (over is not null)
            {
                _decided = Compare(over.Delivered, over.HeldOut, over.Planned, isOver: true);
                _live = null;
            }
            else if (delivered is not null && heldOut is not null)
            {
                _live = Compare(delivered, heldOut, planned, isOver: false);
                _liveViews = views;
            }

            return _decided is null ? _live! : _decided with { ViewsSince = (long)Math.Round(views) };
        }
    }

    private ProofComparison Compare(VisitorSample deliveredVisitors, VisitorSample heldOutVisitors, long planned, bool isOver)
    {
        using var delivered = new ArmDistribution(deliveredVisitors);
        using var heldOut = new ArmDistribution(heldOutVisitors);
        return new ProofComparison(
            _measure, delivered.Report(), heldOut.Report(),
            Effect.Of(delivered, heldOut, 0.5, StudentQuantile.Of95),
            Effect.Of(delivered, heldOut, 0.75, StudentQuantile.Of95),
            planned,
            isOver ? VerdictRule.Decide(delivered, heldOut) : ProofVerdict.NotYetDecided);
    }
}
