using System.Runtime.InteropServices;

namespace PushProxy.Analysis.Budgets;

/// <summary>A moment, or a stretch between two, by several clocks.</summary>
/// <param name="Clock">By the clock, in its own units.</param>
/// <param name="Program">How long this program had a processor, on all its threads together.</param>
/// <param name="Thread">How long the thread had a processor; zero where the system does not tell.</param>
/// <param name="ThreadId">Which thread.</param>
internal readonly partial record struct Moment(long Clock, TimeSpan Program, TimeSpan Thread, int ThreadId)
{
    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadClock = 3;

    // On 32 bits, the C library has two layouts of the structure.
    private static readonly bool TellsThreads = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>This moment, on this thread.</summary>
    public static Moment Now(TimeProvider clock) =>
        new(clock.GetTimestamp(), Environment.CpuUsage.TotalTime, OfThread(), TellsThreads ? Environment.CurrentManagedThreadId : 0);

    /// <summary>The stretch from an earlier moment until a later one.</summary>
    public static Moment operator -(Moment later, Moment earlier) => later with
    {
        Clock = later.Clock - earlier.Clock,
        Program = later.Program - earlier.Program,
        Thread = later.Thread - earlier.Thread,
    };

    /// <summary>Two stretches together.</summary>
    public static Moment operator +(Moment one, Moment other) => one with
    {
        Clock = one.Clock + other.Clock,
        Program = one.Program + other.Program,
        Thread = one.Thread + other.Thread,
    };

    private static TimeSpan OfThread() => TellsThreads && GetTime(ThreadClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
