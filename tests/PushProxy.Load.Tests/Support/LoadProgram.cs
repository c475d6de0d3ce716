using System.Diagnostics;
using System.Text.Json;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Support;

/// <summary>The program itself, as a user starts it, in a folder of its own.</summary>
internal sealed class LoadProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Others may pass through it, as through the system's folder of temporary files: workers of some servers are nobody.
    private readonly DirectoryInfo _folder =
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"load-test-{Guid.NewGuid():N}"));

    /// <summary>Its folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Where its temporary files go.</summary>
    public string Temporary => _folder.CreateSubdirectory("tmp").FullName;

    /// <summary>A report it has been told to write with <c>--json</c>, or that of <c>views</c>.</summary>
    public string Report => Path.Combine(Folder, "report.json");

    /// <summary>The page that <c>views</c> writes beside it.</summary>
    public string HtmlReport => Path.Combine(Folder, "report.html");

    /// <summary>Replaces PATH.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Runs it to its end; what it printed is in the test's output.</summary>
    public async Task<ToolResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        var result = new ToolResult(process.ExitCode, await output, await error);
        TestContext.Current.TestOutputHelper!.WriteLine($"{result.Output}\n{result.Error}");
        return result;
    }

    /// <summary>Starts it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            ExternalTool.Require("dotnet"), [Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["PATH"] = SearchPath ?? start.Environment["PATH"];
        var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        return process;
    }

    /// <summary>Runs <c>views</c>, with both reports in <see cref="Folder"/>.</summary>
    public Task<ToolResult> ViewsAsync(params IEnumerable<string> arguments) => RunAsync(["views", "--report", Folder, .. arguments]);

    /// <summary>Reads the report of <c>views</c>.</summary>
    public async Task<Load.Views.ViewsReport> ReadViewsAsync() => Load.Views.ViewsReport.FromJson(await File.ReadAllTextAsync(Report));

    /// <summary>Reads the report.</summary>
    public async Task<T> ReadReportAsync<T>() =>
        JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(Report), JsonSerializerOptions.Web)!;

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
