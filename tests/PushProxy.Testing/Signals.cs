using System.Runtime.InteropServices;

namespace PushProxy.Testing;

/// <summary>What .NET has no method for: a process is asked to end, as an init system or a container engine does, not killed.</summary>
public static partial class Signals
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end.</summary>
    /// <param name="process">Its number.</param>
    /// <returns>False when there is none to ask: it has ended.</returns>
    public static bool Terminate(int process) => Kill(process, Sigterm) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
