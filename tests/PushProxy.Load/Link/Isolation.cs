using System.Diagnostics;
using PushProxy.Testing;

namespace PushProxy.Load.Link;

/// <summary>
/// This program once more, in a network namespace of its own: what it starts there is reached by nothing else on the machine, and addresses
/// and interfaces go when it ends.
/// </summary>
internal static class Isolation
{
    private const string Mark = "PUSHPROXY_LOAD_ISOLATED";
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    // Without root: a user namespace in which one stays who one is, and has what it takes to set up networks.
    private static readonly string[][] Ways = Environment.IsPrivilegedProcess
        ? [["--net"], ["--user", "--map-current-user", "--keep-caps", "--net"]]
        : [["--user", "--map-current-user", "--keep-caps", "--net"]];

    /// <summary>Runs <paramref name="action"/>, in the namespace.</summary>
    /// <param name="action">What there is to do.</param>
    /// <param name="cancellation">Asks it to end.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">There can be no namespace; the message says why.</exception>
    public static async Task<int> RunAsync(Func<Task<int>> action, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(Mark) is not null)
        {
            return await action();
        }

        ExternalTool.Require("ip");
        var start = new ProcessStartInfo(
            ExternalTool.Require("unshare"),
            [.. await WayAsync(cancellation), "dotnet", ServerProcess.Program("PushProxy.Load"), .. Environment.GetCommandLineArgs()[1..]]);
        start.Environment[Mark] = "1";
        using var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A terminal tells it as well; kill tells this one only.
            _ = Signals.Terminate(process.Id);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndPatience, CancellationToken.None);
        }

        return process.ExitCode;
    }

    private static async Task<string[]> WayAsync(CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var way in Ways)
        {
            var trial = await ExternalTool.RunAsync("unshare", [.. way, "true"], cancellation);
            if (trial.ExitCode == 0)
            {
                return way;
            }

            reasons.Add(trial.Error.Trim());
        }

        throw new InvalidOperationException(
            $"A network of its own takes root, or user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces): "
            + $"{string.Join("; ", reasons)}");
    }
}
