using PushProxy.Load.Soak.Faults;

namespace PushProxy.Load.Soak;

/// <summary>
/// When what is done: the first tenth of the run is quiet, so that there is something to compare memory with, and so is the end of it. In
/// between, faults come in lanes, one after the other in a lane, and all lanes beside each other. The origin's faults are in one lane: at
/// least half of the time the origin is well.
/// </summary>
internal static class SoakPlan
{
    /// <summary>The shortest run in which each fault happens.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    private static readonly (FaultKind[] Kinds, int Times, double MinSeconds, double MaxSeconds)[] Lanes =
    [
        (
            [
                FaultKind.OriginRestart, FaultKind.OriginHang, FaultKind.OriginReset, FaultKind.OriginResetAmid, FaultKind.OriginTruncate,
                FaultKind.OriginSlow,
            ],
            12, 3.6, 15),
        ([FaultKind.Reload, FaultKind.BadReload], 8, 5, 20),
        ([FaultKind.Certificate, FaultKind.BadCertificate], 4, 6, 45),
        ([FaultKind.SlowReaders, FaultKind.VanishingClients], 8, 5, 20),
        ([FaultKind.Garbage, FaultKind.BadCookies], 8, 5, 20),
        ([FaultKind.RedisHalt, FaultKind.RedisRestart, FaultKind.RedisFlush], 6, 8, 45),
    ];

    /// <summary>Lanes of faults with when each begins, from the start of the run, and how much time it has before the next.</summary>
    public static IReadOnlyList<IReadOnlyList<PlannedFault>> Of(TimeSpan length)
    {
        var (from, to) = (length * 0.1, length * 0.95);
        return [.. Lanes.Select(lane =>
        {
            var slot = TimeSpan.FromSeconds(Math.Clamp((to - from).TotalSeconds / lane.Times, lane.MinSeconds, lane.MaxSeconds));
            var count = Math.Max(lane.Kinds.Length, (int)((to - from) / slot));
            slot = (to - from) / count;
            return (IReadOnlyList<PlannedFault>)
                [.. Enumerable.Range(0, count).Select(i => new PlannedFault(lane.Kinds[i % lane.Kinds.Length], from + (slot * i), slot))];
        })];
    }
}

/// <summary>One fault to come.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="At">When, from the start of the run.</param>
/// <param name="Slot">How long until the next of its lane.</param>
internal sealed record PlannedFault(FaultKind Kind, TimeSpan At, TimeSpan Slot);
