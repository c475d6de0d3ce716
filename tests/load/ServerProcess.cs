using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Load;

/// <summary>A server as a process of its own, on processors of its own, with what it costs.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Ready = "Listening on ";
    private readonly Process _process;

    private ServerProcess(string name, Process process, string url) => (Name, _process, Url) = (name, process, url);

    public string Name { get; }

    public string Url { get; }

    /// <summary>Processor time of all its threads so far: user and system, in clock ticks of 10 ms.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory it ever had resident, in MiB.</summary>
    public double PeakMemory => File.ReadLines($"/proc/{_process.Id}/status").Where(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(static l => double.Parse(l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Single();

    /// <param name="name">What reports call it.</param>
    /// <param name="processor">The processor it may use; null: all.</param>
    /// <param name="assembly">The program.</param>
    /// <param name="arguments">Its arguments. It prints "Listening on URL" when it is ready.</param>
    public static async Task<ServerProcess> StartAsync(string name, int? processor, string assembly, params string[] arguments)
    {
        // The runtime looks at its processors when it starts, so it is started on them, not moved there.
        var command = processor is null
            ? new ProcessStartInfo("dotnet", [assembly, .. arguments])
            : new ProcessStartInfo("taskset", ["-c", processor.Value.ToString(CultureInfo.InvariantCulture), "dotnet", assembly, .. arguments]);
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        command.Environment["DOTNET_TieredPGO"] = "1";

        // It is ended by force, and would leave its debug pipes behind.
        command.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(command)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServerProcess(name, process, line[Ready.Length..].TrimEnd('/'));
            }
        }

        throw new InvalidOperationException($"{name} ended before it was ready.");
    }

    /// <summary>The path of a program that is built beside this one.</summary>
    public static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
