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
            ?? throw new InvalidOperationException($"'{name}' is not installed. Run tests/run.sh, which installs the clients the tests "
                + $"need.");
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="TimeoutException">It did not end in time and was killed.</exception>
    public static async Task<ToolResult> RunAsync(
        string name, IEnumerable<string> arguments, TimeSpan? timeout = null, string? workingDirectory = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(60));
        return await RunAsync(
            name,
            arguments,
            workingDirectory,
            static (command, printed) => new TimeoutException($"{command} did not end in time. It printed: {printed}"),
            limit.Token);
    }

    /// <summary>The same, for as long as it is wanted.</summary>
    /// <exception cref="OperationCanceledException">It was killed because this was cancelled.</exception>
    public static Task<ToolResult> RunAsync(string name, IEnumerable<string> arguments, CancellationToken cancellation) =>
        RunAsync(name, arguments, null, (_, _) => new OperationCanceledException(cancellation), cancellation);

    private static async Task<ToolResult> RunAsync(
        string name, IEnumerable<string> arguments, string? workingDirectory, Func<string, string, Exception> ended,
        CancellationToken cancellation)
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
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw ended($"{name} {string.Join(' ', start.ArgumentList)}", $"{await output} {await error}");
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What a program printed and how it ended.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error);
