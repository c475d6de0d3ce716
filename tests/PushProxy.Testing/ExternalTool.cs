using System.Diagnostics;

namespace PushProxy.Testing;

/// <summary>Clients and servers from outside this project. A missing one fails the test; it is never skipped.</summary>
public static class ExternalTool
{
    /// <summary>The full path of a program on PATH (or in /usr/sbin, where Debian keeps servers).</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message names the script that installs it.</exception>
    public static string Require(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin";
        return path.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"'{name}' is not installed. Run tests/run.sh, which installs the clients the tests need.");
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="TimeoutException">It did not end in time and was killed.</exception>
    public static async Task<ToolResult> RunAsync(string name, IEnumerable<string> arguments, TimeSpan? timeout = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(Require(name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name} {string.Join(' ', start.ArgumentList)} did not end in time. It printed: {await output} {await error}");
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What a program printed and how it ended.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error);
