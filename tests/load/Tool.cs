using System.Diagnostics;
using PushProxy.Testing;

namespace PushProxy.Load;

/// <summary>A program that is run to its end, unless what it is run for ends first.</summary>
internal static class Tool
{
    /// <summary>Runs it and returns what it printed, whatever it ended with.</summary>
    /// <exception cref="OperationCanceledException">It was killed because this was cancelled.</exception>
    public static async Task<ToolResult> RunAsync(string name, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(ExternalTool.Require(name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
