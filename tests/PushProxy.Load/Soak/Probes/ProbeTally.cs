namespace PushProxy.Load.Soak.Probes;

/// <summary>What the pairs of probes have shown so far.</summary>
internal sealed class ProbeTally
{
    private const int Kept = 50;
    private readonly Lock _lock = new();
    private readonly Dictionary<PairVerdict, int> _calm = [];
    private readonly Dictionary<PairVerdict, int> _unwell = [];
    private readonly List<string> _failures = [];
    private int _settled;
    private int _abandoned;

    /// <summary>All at one moment.</summary>
    public ProbeCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new ProbeCounts(_calm.ToDictionary(), _unwell.ToDictionary(), _settled, _abandoned, [.. _failures]);
            }
        }
    }

    /// <summary>A pair was compared.</summary>
    /// <param name="verdict">What it says, the first time it was sent.</param>
    /// <param name="originUnwell">Whether a fault of the origin may have hit it.</param>
    /// <param name="settled">Whether, sent again, it was no worse; of one that was worse and may be sent again.</param>
    /// <param name="what">Probe and answers, in words.</param>
    public void Add(PairVerdict verdict, bool originUnwell, bool settled, string what)
    {
        lock (_lock)
        {
            var counts = originUnwell ? _unwell : _calm;
            counts[verdict] = counts.GetValueOrDefault(verdict) + 1;
            _settled += settled ? 1 : 0;

            // With the origin well, there is no excuse for anybody.
            var failed = (verdict.IsWorse() && !settled) || (!originUnwell && verdict == PairVerdict.BothFailed);
            if (failed && _failures.Count < Kept)
            {
                _failures.Add(what);
            }
        }
    }

    /// <summary>One was sent whose answer nobody waited for.</summary>
    public void Abandoned() => Interlocked.Increment(ref _abandoned);
}

/// <summary>What the pairs have shown.</summary>
/// <param name="Calm">While the origin was well: how many of each verdict.</param>
/// <param name="OriginUnwell">While it was not.</param>
/// <param name="Settled">Pairs that were worse at first and no worse when sent again, while the origin was unwell.</param>
/// <param name="Abandoned">Requests whose answer nobody waited for.</param>
/// <param name="Failures">The first of those that count against PushProxy.</param>
internal sealed record ProbeCounts(
    IReadOnlyDictionary<PairVerdict, int> Calm, IReadOnlyDictionary<PairVerdict, int> OriginUnwell, int Settled, int Abandoned,
    IReadOnlyList<string> Failures)
{
    /// <summary>All pairs.</summary>
    public int Pairs => Calm.Values.Sum() + OriginUnwell.Values.Sum();
}
