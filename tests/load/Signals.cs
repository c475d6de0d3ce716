using System.Runtime.InteropServices;

namespace PushProxy.Load;

/// <summary>What .NET has no method for: a process is asked to end, not killed.</summary>
internal static partial class Signals
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end. One that has ended already needs no asking.</summary>
    public static void Terminate(int process) => _ = Kill(process, Sigterm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
