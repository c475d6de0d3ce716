using System.Runtime.InteropServices;

namespace PushProxy.Testing;

/// <summary>What threads have worked, whatever else the machine does.</summary>
public static partial class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>What the current thread has worked so far.</summary>
    public static TimeSpan OfThread() => GetTime(ThreadClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : throw new InvalidOperationException("The clock of a thread can't be read.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
