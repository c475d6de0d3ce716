using PushProxy.Testing;

namespace PushProxy.Load.Tests.Support;

/// <summary>The load tests' program, run as a user runs it, with a folder for what it writes.</summary>
internal sealed class LoadRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-load-test-");

    /// <summary>Where the report goes.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The report's HTML.</summary>
    public string HtmlFile => Path.Combine(Folder, "report.html");

    /// <summary>Runs a verb to its end.</summary>
    public static Task<ToolResult> RunAsync(params IEnumerable<string> arguments) =>
        ExternalTool.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll"), .. arguments], Patience);

    /// <summary>Runs <c>views</c> with the report in <see cref="Folder"/>.</summary>
    public Task<ToolResult> ViewsAsync(params IEnumerable<string> arguments) => RunAsync(["views", "--report", Folder, .. arguments]);

    /// <summary>Reads the report back.</summary>
    public Load.Views.ViewsReport Report() => Load.Views.ViewsReport.FromJson(File.ReadAllText(Path.Combine(Folder, "report.json")));

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
