using PushProxy.Load.Soak.Faults;

namespace PushProxy.Load.Soak.Watching;

/// <summary>Takes the samples of a <see cref="MemorySeries"/>.</summary>
internal sealed class MemoryWatch(WatchedProcess process, FaultLog clock, TimeSpan length)
{
    private const int Collections = 20;
    private readonly List<MemorySample> _resident = [];
    private readonly List<MemorySample> _living = [];

    /// <summary>What was seen.</summary>
    public MemorySeries Series => new(length.TotalSeconds, [.. _resident], [.. _living]);

    /// <summary>The last sample.</summary>
    public long Resident => _resident.Count > 0 ? _resident[^1].Bytes : 0;

    /// <summary>Watches until the run is over.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var next = 1; clock.Now < length; await timer.WaitForNextTickAsync(cancellation))
        {
            // Resident memory first: a collection gives some of it back.
            _resident.Add(new MemorySample(clock.Now.TotalSeconds, process.ResidentMemory));
            if (clock.Now >= length * next / Collections)
            {
                next++;
                await CollectAsync(cancellation);
            }
        }

        await CollectAsync(cancellation);
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        var reading = await process.AskAsync(collect: true, cancellation);
        _living.Add(new MemorySample(Math.Min(clock.Now.TotalSeconds, length.TotalSeconds), reading.Heap));
    }
}
