using System.Globalization;
using System.Runtime.InteropServices;

namespace PushProxy.Load.Views;

/// <summary>What a run was made on.</summary>
/// <param name="Processors">How many processors this process may use.</param>
/// <param name="Model">The processor's model.</param>
/// <param name="MemoryGiB">Memory there is.</param>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Runtime">The .NET version.</param>
internal sealed record Machine(int Processors, string Model, double MemoryGiB, string System, string Kernel, string Runtime)
{
    /// <summary>This one.</summary>
    public static Machine Current()
    {
        var memory = First("/proc/meminfo", "MemTotal").Split(' ')[0];
        return new(
            Environment.ProcessorCount,
            First("/proc/cpuinfo", "model name"),
            double.TryParse(memory, CultureInfo.InvariantCulture, out var kibibytes) ? Math.Round(kibibytes / 1024 / 1024, 1) : 0,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : "unknown",
            RuntimeInformation.FrameworkDescription);
    }

    private static string First(string file, string field) => File.Exists(file)
        ? File.ReadLines(file).Where(l => l.StartsWith(field, StringComparison.Ordinal))
                .Select(static l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()).FirstOrDefault("unknown")
        : "unknown";
}
