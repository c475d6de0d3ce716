using System.Runtime.InteropServices;

namespace PushProxy.Testing;

/// <summary>What .NET has no method for: signals, as an init system, a container engine or an operator sends them.</summary>
public static partial class Signals
{
    private const int Sighup = 1;
    private const int Sigint = 2;
    private const int Sigusr1 = 10;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>Asks a process to end.</summary>
    /// <param name="process">Its number.</param>
    /// <returns>False when there is none to ask: it has ended.</returns>
    public static bool Terminate(int process) => Kill(process, Sigterm) == 0;

    /// <summary>Asks a process to end, as Ctrl+C in a terminal does (SIGINT).</summary>
    /// <param name="process">Its number.</param>
    public static bool Interrupt(int process) => Kill(process, Sigint) == 0;

    /// <summary>Asks a process to read its configuration again, as operators do (SIGHUP).</summary>
    /// <param name="process">Its number.</param>
    public static bool HangUp(int process) => Kill(process, Sighup) == 0;

    /// <summary>Sends a process a signal that log rotation sends (SIGUSR1).</summary>
    /// <param name="process">Its number.</param>
    public static bool User1(int process) => Kill(process, Sigusr1) == 0;

    /// <summary>Halts a process, as if its machine had become infinitely slow (SIGSTOP).</summary>
    /// <param name="process">Its number.</param>
    public static bool Halt(int process) => Kill(process, Sigstop) == 0;

    /// <summary>Lets a halted process go on (SIGCONT).</summary>
    /// <param name="process">Its number.</param>
    public static bool GoOn(int process) => Kill(process, Sigcont) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
