using System.Runtime.InteropServices;

namespace PushProxy.Server;

/// <summary>The signal by which tools that rotate logs say that a file was moved away.</summary>
internal static class UserSignal
{
    /// <summary>SIGUSR1. It has no name in .NET, and not the same number everywhere (signal(7)).</summary>
    public static readonly PosixSignal One = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);
}
