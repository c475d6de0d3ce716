using System.Diagnostics;
using System.Globalization;
using PushProxy.Testing;

namespace PushProxy.Load.Soak.Origin;

/// <summary>
/// The <see cref="FaultyOrigin"/> in a process of its own, which can be told how to behave and can be killed and started again.
/// </summary>
internal sealed class OriginProcess : IAsyncDisposable
{
    private const string Ready = "Listening on ";
    private Process _process;

    private OriginProcess(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where it listens, always.</summary>
    public Uri Url { get; }

    /// <summary>Starts it on a port that the system chooses.</summary>
    public static async Task<OriginProcess> StartAsync(CancellationToken cancellation)
    {
        var (process, url) = await StartAsync(0, cancellation);
        return new OriginProcess(process, url);
    }

    /// <summary>Tells it how to behave from now on, and waits until it does.</summary>
    /// <param name="mode">How.</param>
    /// <param name="percent">To how many of a hundred requests.</param>
    public async Task BehaveAsync(OriginMode mode, int percent, CancellationToken cancellation)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{mode} {percent}");
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } answer)
        {
            if (answer == "obeyed " + line)
            {
                return;
            }
        }

        throw new InvalidOperationException("The origin has ended.");
    }

    /// <summary>Kills it and starts it again on the same port.</summary>
    /// <returns>How long nobody listened.</returns>
    public async Task<TimeSpan> RestartAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await StopAsync();
        (_process, _) = await StartAsync(Url.Port, cancellation);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Kills it.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static async Task<(Process Process, Uri Url)> StartAsync(int port, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            "dotnet", [ServerProcess.Program("PushProxy.Load"), "faulty-origin", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                return (process, new Uri(line[Ready.Length..]));
            }
        }

        throw new InvalidOperationException($"The origin ended before it was ready, with port {port}.");
    }
}
