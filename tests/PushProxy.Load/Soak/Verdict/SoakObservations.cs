using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Probes;
using PushProxy.Load.Soak.Watching;

namespace PushProxy.Load.Soak.Verdict;

/// <summary>All that a soak has seen, of which the verdict is a function.</summary>
internal sealed record SoakObservations
{
    /// <summary>How long it was to last.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>What was done.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Pairs of requests.</summary>
    public required ProbeCounts Probes { get; init; }

    /// <summary>Visits through PushProxy.</summary>
    public required VisitsSeen Visits { get; init; }

    /// <summary>The same visits through stock YARP.</summary>
    public required VisitsSeen StockVisits { get; init; }

    /// <summary>Visits through each of the two instances that share a Redis.</summary>
    public required IReadOnlyList<VisitsSeen> SharedVisits { get; init; }

    /// <summary>Lines of their logs that should not be there, and which of them have ended.</summary>
    public required IReadOnlyList<string> SharedErrors { get; init; }

    /// <summary>PushProxy's memory.</summary>
    public required MemorySeries Memory { get; init; }

    /// <summary>Stock YARP's memory.</summary>
    public required MemorySeries StockMemory { get; init; }

    /// <summary>What was left open.</summary>
    public required Accounting Accounting { get; init; }

    /// <summary>Whether the process lived until it was told to end.</summary>
    public required bool Lives { get; init; }

    /// <summary>Lines of its log that should not be there.</summary>
    public required IReadOnlyList<string> LogErrors { get; init; }

    /// <summary>Lines of its log by level and category.</summary>
    public required IReadOnlyDictionary<string, int> LogLines { get; init; }

    /// <summary>Exceptions of tasks that nobody looked at.</summary>
    public required IReadOnlyList<string> Unobserved { get; init; }

    /// <summary>Its counters at the end.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>What was pushed with a page when all was over.</summary>
    public required IReadOnlyList<string> PushedAtEnd { get; init; }
}

/// <summary>What visitors met.</summary>
/// <param name="Views">Page views begun.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="Pushes">Pushes promised to them.</param>
/// <param name="Errors">Errors while the origin was well.</param>
/// <param name="ExcusedErrors">Errors while it was not.</param>
/// <param name="Samples">Some of those while it was well.</param>
internal sealed record VisitsSeen(long Views, long Requests, long Pushes, long Errors, long ExcusedErrors, IReadOnlyList<string> Samples);
