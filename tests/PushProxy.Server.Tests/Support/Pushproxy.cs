using System.Diagnostics;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Support;

/// <summary>The real program as a child process, away from the settings and folders of whoever runs the tests.</summary>
internal static class Pushproxy
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "pushproxy.dll");

    // One for all: making a certificate again and again would cost more than it tells.
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>Runs a verb to its end.</summary>
    public static Task<ToolResult> RunAsync(IEnumerable<string> arguments, string? folder = null, Dictionary<string, string>? environment = null) =>
        RunAsync(Program, arguments, folder, environment);

    /// <summary>Runs a verb of a program that lies elsewhere to its end.</summary>
    public static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, string? folder, Dictionary<string, string>? environment)
    {
        using var process = Process.Start(StartInfo(program, arguments, folder, environment))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"pushproxy {string.Join(' ', arguments)} did not end. It printed: {await output} {await error}");
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }

    public static Task<ToolResult> RunAsync(params string[] arguments) => RunAsync(arguments.AsEnumerable());

    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, string? folder, Dictionary<string, string>? environment)
    {
        Directory.CreateDirectory(Data);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Data,
        };
        foreach (var name in start.Environment.Keys.Where(static n => n.StartsWith("PushProxy__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var name in start.Environment.Keys.Where(static n => n.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        // Where .NET finds the user's local application data.
        start.Environment["XDG_DATA_HOME"] = Data;
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
