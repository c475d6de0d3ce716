using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Load.Soak.Faults;

/// <summary>What was done and when: announced as it happens, and kept to tell which failures a fault of the origin excuses.</summary>
internal sealed class FaultLog
{
    /// <summary>
    /// How long after a fault of the origin a request may still suffer from it: connections that died with it are found dead.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _startTime = DateTimeOffset.UtcNow;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<Fault> _faults = [];

    /// <summary>Time since the start of the run.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>A time of the clock as time since the start.</summary>
    public TimeSpan At(DateTimeOffset time) => time - _startTime;

    /// <summary>All so far, in the order of their beginnings.</summary>
    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Prints a line of progress.</summary>
    public void Say(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds,7:F1} s  {text}"));

    /// <summary>Does something and notes when it began and ended, and what came of it.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="act">Returns what came of it; its exception is noted as a failure.</param>
    public async Task RunAsync(FaultKind kind, Func<Task<string>> act)
    {
        var fault = new Fault(kind, Now);
        lock (_lock)
        {
            _faults.Add(fault);
        }

        Say($"{kind} begins");
        try
        {
            fault.Outcome = await act();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            fault.Failure = e is SoakFailureException ? e.Message : e.ToString();
        }
        finally
        {
            fault.End = Now;
        }

        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind} ends after {(fault.End!.Value - fault.Start).TotalSeconds:F1} s: {fault.Failure ?? fault.Outcome}"));
    }

    /// <summary>Whether the origin was unwell at some time between, or had only just got well.</summary>
    public bool Excuses(TimeSpan start, TimeSpan end)
    {
        lock (_lock)
        {
            return _faults.Exists(f => f.Kind.IsOfOrigin() && f.Start <= end && (f.End is null || f.End + Grace >= start));
        }
    }
}

/// <summary>One thing that was done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Start">When, from the start of the run.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan Start)
{
    /// <summary>When it was over; null while it is not.</summary>
    public TimeSpan? End { get; set; }

    /// <summary>What came of it, in words.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>What was expected of the proxy and did not happen; null when all did.</summary>
    public string? Failure { get; set; }
}

/// <summary>The proxy did not do what it should; the message says what.</summary>
internal sealed class SoakFailureException(string message) : Exception(message);
