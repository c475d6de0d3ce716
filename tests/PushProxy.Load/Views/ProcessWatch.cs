using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>Processor time and memory of the server's processes, as Linux tells them.</summary>
internal sealed class ProcessWatch
{
    private readonly IReadOnlyList<int> _processes;
    private readonly double _cpuAtStart;
    private long _lastTime = Stopwatch.GetTimestamp();
    private double _lastCpu;

    /// <exception cref="InvalidOperationException">One of them does not run here.</exception>
    public ProcessWatch(IReadOnlyList<int> processes)
    {
        _processes = processes;
        _cpuAtStart = _lastCpu = ProcessorSeconds()
            ?? throw new InvalidOperationException($"No process {string.Join(" or ", processes)} runs here.");
    }

    /// <summary>The most memory seen, in MiB.</summary>
    public double PeakMemory { get; private set; }

    /// <summary>Processor time used from the start to the last sample, in seconds.</summary>
    public double CpuSeconds => _lastCpu - _cpuAtStart;

    /// <returns>
    /// What was used since the last sample, in percent of one processor, and the resident memory now, in MiB. Null: there is nothing to
    /// watch, or it has ended.
    /// </returns>
    public (double CpuPercent, double MemoryMiB)? Sample()
    {
        if (_processes.Count == 0 || ProcessorSeconds() is not { } cpu)
        {
            return null;
        }

        var time = Stopwatch.GetTimestamp();
        var percent = 100 * (cpu - _lastCpu) / Stopwatch.GetElapsedTime(_lastTime, time).TotalSeconds;
        (_lastTime, _lastCpu) = (time, cpu);
        var memory = _processes.Sum(ResidentMemory);
        PeakMemory = Math.Max(PeakMemory, memory);
        return (percent, memory);
    }

    private double? ProcessorSeconds()
    {
        try
        {
            return _processes.Sum(static id =>
            {
                using var process = Process.GetProcessById(id);
                return process.TotalProcessorTime.TotalSeconds;
            });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static double ResidentMemory(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
