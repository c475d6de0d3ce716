namespace PushProxy.Analysis.Budgets;

/// <summary>
/// What one analysis may still cost. All its parts charge this one budget: steps, which stand for time and are the same on each machine
/// and in each run, memory, and the time itself. When any of the three runs out, <see cref="Spend"/> and <see cref="Keep"/> say no, and
/// whoever asked ends its work and returns what it has found.
/// </summary>
/// <remarks>
/// Not for use by two threads at once: a part of the work on another thread takes a <see cref="Fork"/>, which charges the same account.
/// </remarks>
internal sealed class AnalysisBudget
{
    /// <summary>How many steps stand for a second. A step is about a comparison of an element with a simple selector.</summary>
    public const long StepsPerSecond = 15_000_000;

    // So many steps are drawn at once from the account, which looks at the clock each time.
    private const long AtATime = 1024;

    private readonly BudgetAccount _account;
    private long _drawn;

    private AnalysisBudget(BudgetAccount account) => _account = account;

    /// <summary>A budget of a time and the steps that stand for it, and of memory.</summary>
    /// <param name="time">How long the work may take, without what it waits for others.</param>
    /// <param name="part">How much of the steps it may take that stand for this time, 1 for all.</param>
    /// <param name="bytes">How much memory it may take, roughly.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    public AnalysisBudget(TimeSpan time, double part, long bytes, CancellationToken cancellation)
        : this(new BudgetAccount((long)(time.TotalSeconds * StepsPerSecond * part), time, bytes, TimeProvider.System, cancellation))
    {
    }

    /// <summary>No bound in practice.</summary>
    public static AnalysisBudget Unlimited => OfSteps(long.MaxValue / 2);

    /// <summary>A budget of steps alone.</summary>
    public static AnalysisBudget OfSteps(long steps) =>
        new(new BudgetAccount(steps, TimeSpan.FromDays(1), long.MaxValue / 2, TimeProvider.System, default));

    /// <summary>What it first ran out on; null as long as it has not.</summary>
    public AnalysisCost? RanOutOn => _account.RanOutOn;

    /// <summary>Whether nothing is left for the stage that is under way.</summary>
    public bool IsSpent => _account.IsSpent;

    /// <summary>How many steps were taken; up to 1,024 of them may not have been used yet.</summary>
    public long Steps => _account.Steps;

    /// <summary>The memory that is charged now, in bytes.</summary>
    public long Bytes => _account.Bytes;

    /// <summary>The most memory that was charged at any time, in bytes.</summary>
    public long MostBytes => _account.MostBytes;

    /// <summary>Takes steps.</summary>
    /// <param name="cost">What for.</param>
    /// <param name="steps">How many; below 0 counts as an enormous number.</param>
    /// <returns>False when they are not there: the work is to end.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool Spend(AnalysisCost cost, long steps = 1)
    {
        _drawn -= steps;
        return _drawn >= 0 || Draw(cost);
    }

    /// <summary>Charges memory that the analysis keeps.</summary>
    /// <returns>False when it is not there: the work is to end, and the memory is not to be taken.</returns>
    public bool Keep(AnalysisCost cost, long bytes) => _account.Keep(cost, bytes);

    /// <summary>Gives memory back.</summary>
    public void GiveBack(long bytes) => _account.GiveBack(bytes);

    /// <summary>
    /// Begins a stage, which may use up the budget to a share of it: what comes later has the rest, so that the parts of a page that were
    /// understood before the budget ran out are followed to the end.
    /// </summary>
    public void Until(double share)
    {
        _account.Until(share);
        _drawn = Math.Max(0, _drawn);
    }

    /// <summary>Stops the clock until the result is disposed: the analysis waits for others.</summary>
    public IDisposable Wait() => _account.Wait();

    /// <summary>The same budget for another thread.</summary>
    public AnalysisBudget Fork() => new(_account);

    private bool Draw(AnalysisCost cost)
    {
        var drawn = _account.Draw(cost, -_drawn, AtATime);
        _drawn = Math.Max(0, drawn);
        return drawn >= 0;
    }
}
