using System.Globalization;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Probes;

namespace PushProxy.Load.Soak.Verdict;

/// <summary>What must hold after a soak, each with its figures.</summary>
internal static class SoakVerdict
{
    /// <summary>
    /// Living memory may grow by so much, and by <see cref="LivingSlack"/> besides: what is learned and pooled has bounds, but fills up.
    /// </summary>
    public const double LivingBound = 1.15;

    /// <summary>In bytes.</summary>
    public const long LivingSlack = 3 << 20;

    /// <summary>
    /// Resident memory may grow by so much: the runtime keeps some of what it has freed, and more or less of it as load comes and goes.
    /// </summary>
    public const double ResidentBound = 1.15;

    /// <summary>
    /// Or by so much more than that of stock YARP, which has the same runtime and the same load, and keeps nothing of its own.
    /// </summary>
    public const double ResidentBoundToStock = 1.05;

    /// <summary>
    /// In shorter runs, resident memory is told but not judged: the runtime of either proxy needs some five minutes under load to find its
    /// level, and most of what is taken for the beginning should come after that.
    /// </summary>
    public static readonly TimeSpan ResidentFrom = TimeSpan.FromMinutes(25);

    /// <summary>All of it.</summary>
    public static IReadOnlyList<Check> Of(SoakObservations seen) =>
        [Faults(seen), Probes(seen), Bias(seen), Visits(seen), Shared(seen), Living(seen), Resident(seen), Accounted(seen), Alive(seen), Learning(seen)];

    private static Check Faults(SoakObservations seen)
    {
        var failed = seen.Faults.Where(static f => f.Failure is not null).ToList();
        var missing =
            Enum.GetValues<FaultKind>().Except(seen.Faults.Where(static f => f.End is not null).Select(static f => f.Kind)).ToList();
        return new Check(
            "each fault happened, and what should come of it did",
            failed.Count == 0 && missing.Count == 0,
            [
                string.Join(
                    ", ", seen.Faults.GroupBy(static f => f.Kind).OrderBy(static g => g.Key).Select(static g => $"{g.Key} {g.Count()}")),
                .. missing.Select(static kind => $"{kind} never happened"),
                .. failed.Select(static f => Text($"{f.Kind} at {f.Start.TotalSeconds:F1} s: {f.Failure}")),
            ]);
    }

    private static Check Probes(SoakObservations seen)
    {
        var counts = seen.Probes;
        return new Check(
            "nothing failed that stock YARP served",
            counts.Failures.Count == 0 && counts.Calm.GetValueOrDefault(PairVerdict.Same) > 0,
            [
                $"{counts.Pairs} pairs of requests at the same instant; {counts.Abandoned} more were broken off",
                $"origin well: {List(counts.Calm)}",
                $"origin unwell, or only just well again ({FaultLog.Grace.TotalSeconds} s): {List(counts.OriginUnwell)}; "
                + $"{counts.Settled} that were worse were not when sent again",
                .. counts.Failures,
            ]);
    }

    // Single misfortunes are excused while the origin is unwell; that they hit one proxy more often than the other is not.
    private static Check Bias(SoakObservations seen)
    {
        var (worse, better) = (
            seen.Probes.OriginUnwell.Where(static p => p.Key.IsWorse()).Sum(static p => p.Value),
            seen.Probes.OriginUnwell.GetValueOrDefault(PairVerdict.OnlyOurs));
        var bound = 2 + (3 * Math.Sqrt(worse + better));
        return new Check(
            "while the origin is unwell, misfortune hits both alike",
            worse - better <= bound,
            [Text($"at first try worse than stock YARP {worse} times, better {better} times; the difference may be {bound:F1}")]);
    }

    private static Check Visits(SoakObservations seen) => new(
        "page views met no error while the origin was well",
        seen.Visits is { Errors: 0, Views: > 0 },
        [Describe("PushProxy", seen.Visits), Describe("stock YARP", seen.StockVisits), .. seen.Visits.Samples]);

    private static Check Shared(SoakObservations seen) => new(
        "whatever becomes of Redis, no page view through the two that share it met an error",
        seen.SharedVisits is [{ Errors: 0, Views: > 0 }, { Errors: 0, Views: > 0 }] && seen.SharedErrors.Count == 0,
        [
            .. seen.SharedVisits.Select(static (v, i) => Text($"instance {i + 1}: {v.Views} views, {v.Requests} requests, {v.Errors} errors")),
            .. seen.SharedVisits.SelectMany(static v => v.Samples),
            .. seen.SharedErrors,
        ]);

    private static Check Living(SoakObservations seen)
    {
        var (ours, stock) = (seen.Memory.LivingTrend, seen.StockMemory.LivingTrend);
        return new Check(
            "living memory is flat after the first tenth",
            ours.Early > 0 && ours.Late > 0 && ours.Late <= (ours.Early * LivingBound) + LivingSlack,
            [
                Text($"managed heap after full collections, {Mib(ours.Early)} in the second and third tenth, {Mib(ours.Late)} in the ")
                + Text($"last two: {ours.Ratio:F2} times as much"),
                Text($"at most {LivingBound:F2} times and {Mib(LivingSlack)} may be; stock YARP {Mib(stock.Early)} and {Mib(stock.Late)}"),
            ]);
    }

    private static Check Resident(SoakObservations seen)
    {
        var (ours, stock) = (seen.Memory.ResidentTrend, seen.StockMemory.ResidentTrend);
        var judged = seen.Length >= ResidentFrom;
        var bound = Math.Max(ResidentBound, ResidentBoundToStock * stock.Ratio);
        return new Check(
            judged
                ? "resident memory is flat after the first tenth, or settles as stock YARP's"
                : "resident memory (told, not judged: the run is too short)",
            !judged || (ours.Early > 0 && ours.Late > 0 && ours.Ratio <= bound),
            [
                Text($"{Mib(ours.Early)} in the second and third tenth, {Mib(ours.Late)} in the last two: {ours.Ratio:F3} times as much, ")
                + Text($"of at most {bound:F3}"),
                Text($"stock YARP {Mib(stock.Early)} and {Mib(stock.Late)}: {stock.Ratio:F3}"),
            ]);
    }

    private static Check Accounted(SoakObservations seen)
    {
        var a = seen.Accounting;
        return new Check(
            "every connection and stream is accounted for",
            a.IsSettled,
            [
                $"open: {a.Connections} connections, {a.Requests} requests and streams, {a.Forwarded} requests to the origin",
                Text($"descriptors, loaded code aside, before: {a.Before.All}; after: {a.After.All}, of which {a.After.Clients} of ")
                + Text($"clients, {a.After.Origin} to the origin, {a.After.OtherSockets} other sockets, {a.After.NoSockets} else"),
                Text($"after {a.Waited.TotalSeconds:F1} s of at most {Watching.Accounting.Patience.TotalSeconds:F0}"),
            ]);
    }

    private static Check Alive(SoakObservations seen) => new(
        "the proxy lives, and has met nothing unexpected",
        seen.Lives && seen.LogErrors.Count == 0,
        [
            seen.Lives ? "it is the process that was started" : "its process has ended",
            "its log: " + (
                seen.LogLines.Count == 0
                    ? "empty"
                    : string.Join(
                        ", ", seen.LogLines.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key} {l.Value}"))),
            "failures that cost an optimisation: " + Metrics(seen, "pushproxy_errors "),
            $"exceptions that nobody looked at (told, not judged): {seen.Unobserved.Count}",
            .. seen.Unobserved.Select(static u => u.Split('\n')[0]).Distinct(),
            .. seen.LogErrors,
        ]);

    private static Check Learning(SoakObservations seen) => new(
        "it still learns and pushes",
        seen.PushedAtEnd.Count > 0,
        [
            "with a page at the end: " + (seen.PushedAtEnd.Count == 0 ? "nothing" : string.Join(' ', seen.PushedAtEnd)),
            "pushes that have ended: " + Metrics(seen, "pushproxy_pushes "),
        ]);

    private static string Describe(string name, VisitsSeen visits) =>
        $"{name}: {visits.Views} views, {visits.Requests} requests, {visits.Pushes} pushes; {visits.Errors} errors, and "
        + $"{visits.ExcusedErrors} while the origin was unwell";

    private static string List(IReadOnlyDictionary<PairVerdict, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.OrderBy(static c => c.Key).Select(static c => $"{c.Key} {c.Value}"));

    private static string Metrics(SoakObservations seen, string start)
    {
        var found = seen.Metrics.Where(m => m.Key.StartsWith(start, StringComparison.Ordinal))
            .OrderBy(static m => m.Key, StringComparer.Ordinal).ToList();
        return found.Count == 0 ? "none" : string.Join(", ", found.Select(m => Text($"{m.Key[start.Length..]} {m.Value:F0}")));
    }

    private static string Mib(double bytes) => Text($"{bytes / (1 << 20):F1} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One thing that must hold.</summary>
/// <param name="Name">What.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Figures">What it is concluded from.</param>
internal sealed record Check(string Name, bool Holds, IReadOnlyList<string> Figures);
