using System.Globalization;
using PushProxy.Load.Soak.Faults;

namespace PushProxy.Load.Soak.Probes;

/// <summary>
/// A steady stream of probes, each to both proxies at the same instant. One that did worse at ours while the origin was unwell is sent
/// again: the fault may have begun between the two. It is the origin's fault if some repetition is no worse, and ours if none is.
/// </summary>
internal sealed class ProbeTraffic(ProbeClient ours, ProbeClient stock, FaultLog faults, ProbeTally tally)
{
    private const int Repetitions = 5;
    private const int AbandonEvery = 17;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Sends so many pairs a second, whether earlier ones are answered or not, until it is told to stop; then waits for the last ones.
    /// </summary>
    public async Task RunAsync(double rate, CancellationToken stop, CancellationToken cancellation)
    {
        var pending = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate));
        for (var number = 0L; !stop.IsCancellationRequested; number++)
        {
            pending.RemoveAll(static p => p.IsCompletedSuccessfully);
            pending.Add(
                number % AbandonEvery == AbandonEvery - 1 ? AbandonAsync(number, cancellation) : CompareAsync(number, cancellation));
            await timer.WaitForNextTickAsync(cancellation);
        }

        await Task.WhenAll(pending);
    }

    private async Task CompareAsync(long number, CancellationToken cancellation)
    {
        var probe = Probe.Next(number);
        var start = faults.Now;
        var answers = await AskBothAsync(probe, cancellation);
        var verdict = PairVerdicts.Compare(answers.Ours, answers.Stock);
        var excused = faults.Excuses(start, faults.Now);
        var settled = verdict.IsWorse() && excused && await SettlesAsync(probe, cancellation);
        tally.Add(verdict, excused, settled, string.Create(
            CultureInfo.InvariantCulture,
            $"at {start.TotalSeconds:F1} s, {probe.Method} {probe.Path} over HTTP/{probe.Version}: PushProxy {answers.Ours}; stock YARP "
            + $"{answers.Stock}"));
    }

    private async Task<bool> SettlesAsync(Probe probe, CancellationToken cancellation)
    {
        for (var i = 1; i <= Repetitions; i++)
        {
            await Task.Delay(Pause * i, cancellation);
            var (mine, other) = await AskBothAsync(probe, cancellation);
            if (!PairVerdicts.Compare(mine, other).IsWorse())
            {
                return true;
            }
        }

        return false;
    }

    private async Task<(ProbeAnswer Ours, ProbeAnswer Stock)> AskBothAsync(Probe probe, CancellationToken cancellation)
    {
        var both = await Task.WhenAll(ours.AskAsync(probe, cancellation), stock.AskAsync(probe, cancellation));
        return (both[0], both[1]);
    }

    private async Task AbandonAsync(long number, CancellationToken cancellation)
    {
        var after = TimeSpan.FromMilliseconds(Random.Shared.Next(1, 60));
        await Task.WhenAll(
            ours.AbandonAsync(Probe.Next(number), after, cancellation), stock.AbandonAsync(Probe.Next(number), after, cancellation));
        tally.Abandoned();
    }
}
