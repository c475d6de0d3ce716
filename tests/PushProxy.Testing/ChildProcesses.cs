using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace PushProxy.Testing;

/// <summary>Kills what tests have started when the test program ends before they could.</summary>
public static class ChildProcesses
{
    private static readonly ConcurrentBag<Process> Started = [];

    static ChildProcesses() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    /// <summary>Makes sure that <paramref name="process"/> does not outlive the tests.</summary>
    public static void KillAtExit(Process process) => Started.Add(process);

    private static void KillAll()
    {
        foreach (var process in Started)
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended, or was disposed after it had, or one of its children is quicker. The others are to end all the same.
            }
        }
    }
}
