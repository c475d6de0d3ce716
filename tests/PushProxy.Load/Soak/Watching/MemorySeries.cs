namespace PushProxy.Load.Soak.Watching;

/// <summary>The memory of one process over the time of a run.</summary>
/// <param name="Length">Of the run, in seconds.</param>
/// <param name="Resident">Resident memory, each second.</param>
/// <param name="Living">The managed heap right after a full collection, some twenty times.</param>
internal sealed record MemorySeries(double Length, IReadOnlyList<MemorySample> Resident, IReadOnlyList<MemorySample> Living)
{
    /// <summary>Resident memory at the beginning and at the end.</summary>
    public MemoryTrend ResidentTrend => Trend(Resident);

    /// <summary>What lives on the managed heap, at the beginning and at the end.</summary>
    public MemoryTrend LivingTrend => Trend(Living);

    // The first tenth is for warming up: it is not looked at.
    private MemoryTrend Trend(IReadOnlyList<MemorySample> samples) => new(Between(samples, 0.1, 0.3), Between(samples, 0.8, 1.0));

    private double Between(IReadOnlyList<MemorySample> samples, double from, double to)
    {
        var values = samples.Where(s => s.Seconds > from * Length && s.Seconds <= to * Length).Select(static s => (double)s.Bytes).Order()
            .ToList();
        return values.Count == 0 ? 0 : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}

/// <summary>Memory at one moment.</summary>
/// <param name="Seconds">Since the start of the run.</param>
/// <param name="Bytes">How much.</param>
internal readonly record struct MemorySample(double Seconds, long Bytes);

/// <summary>The median of the second and third tenth of a run, and that of the last two.</summary>
/// <param name="Early">In bytes; 0: there is no sample.</param>
/// <param name="Late">In bytes; 0: there is no sample.</param>
internal readonly record struct MemoryTrend(double Early, double Late)
{
    /// <summary>How many times as much it is at the end.</summary>
    public double Ratio => Early > 0 ? Late / Early : 0;
}
