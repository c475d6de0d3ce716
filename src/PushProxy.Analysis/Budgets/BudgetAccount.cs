namespace PushProxy.Analysis.Budgets;

/// <summary>What an analysis has spent, on all its threads.</summary>
/// <param name="maxSteps">How many steps it may take.</param>
/// <param name="maxTime">How long it may take.</param>
/// <param name="maxBytes">How much memory it may take, roughly.</param>
/// <param name="clock">Measures the time.</param>
/// <param name="cancellation">Ends the work with an exception.</param>
internal sealed class BudgetAccount(long maxSteps, TimeSpan maxTime, long maxBytes, TimeProvider clock, CancellationToken cancellation)
{
    // What comes after the last look at the clock belongs to the time, too.
    private readonly TimeSpan _maxTime = maxTime * 0.85;
    private readonly Lock _lock = new();
    private readonly Moment _start = Moment.Now(clock);
    private Moment _waited;
    private bool _hasChangedThread;
    private double _share = 1;
    private long _steps;
    private long _bytes;
    private volatile bool _isSpent;

    /// <summary>What it first ran out on; null as long as it has not.</summary>
    public AnalysisCost? RanOutOn { get; private set; }

    /// <summary>Whether nothing is left for the stage that is under way.</summary>
    public bool IsSpent => _isSpent;

    /// <summary>How many steps were drawn.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>The memory that is charged now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The most memory that was charged at any time.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Draws steps that were taken already, and some for later.</summary>
    /// <returns>How many are there for later; below 0 when not even those taken are there.</returns>
    public long Draw(AnalysisCost cost, long taken, long more)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            // The time is there for work that takes longer than its steps say, and leaves the stages more room than the steps do.
            var left = _isSpent ? -1 : (long)(maxSteps * _share) - _steps;
            if (taken < 0 || left < taken || HasWorkedFor(_maxTime * ((1 + (3 * _share)) / 4)))
            {
                _steps += Math.Max(0, Math.Min(left, taken));
                RunOut(cost);
                return -1;
            }

            more = Math.Min(more, left - taken);
            _steps += taken + more;
            return more;
        }
    }

    /// <summary>Charges memory; false when it is not there.</summary>
    public bool Keep(AnalysisCost cost, long bytes)
    {
        lock (_lock)
        {
            if (_isSpent || bytes > (maxBytes * _share) - _bytes)
            {
                RunOut(cost);
                return false;
            }

            _bytes += bytes;
            MostBytes = Math.Max(MostBytes, _bytes);
            return true;
        }
    }

    /// <summary>Gives memory back.</summary>
    public void GiveBack(long bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
        }
    }

    /// <summary>Begins a stage that may use up the budget to a share of it.</summary>
    public void Until(double share)
    {
        lock (_lock)
        {
            _share = share;
            _isSpent = false;
        }
    }

    /// <summary>Stops the clock until the result is disposed.</summary>
    public IDisposable Wait() => new Waiting(this, Moment.Now(clock));

    // The clock also runs while others have the processor. So the thread must have had it as long, too. If the work was not on one thread
    // alone, the program must. All that is more to ask for, and so comes second.
    private bool HasWorkedFor(TimeSpan time)
    {
        if (clock.GetElapsedTime(_start.Clock + _waited.Clock, clock.GetTimestamp()) <= time)
        {
            return false;
        }

        var now = Moment.Now(clock);
        var worked = now - _start - _waited;
        return (now.ThreadId == _start.ThreadId && !_hasChangedThread ? worked.Thread : worked.Program) > time;
    }

    private void RunOut(AnalysisCost cost)
    {
        RanOutOn ??= cost;
        _isSpent = true;
    }

    private void Waited(Moment since)
    {
        lock (_lock)
        {
            var now = Moment.Now(clock);
            _waited += now - since;
            _hasChangedThread |= now.ThreadId != since.ThreadId;
        }
    }

    private sealed class Waiting(BudgetAccount account, Moment since) : IDisposable
    {
        public void Dispose() => account.Waited(since);
    }
}
