using System.Diagnostics;

namespace PushProxy.Load;

/// <summary>A server as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Ready = "Listening on ";
    private readonly Process _process;

    private ServerProcess(string name, Process process, string url) => (Name, _process, Url) = (name, process, url);

    public string Name { get; }

    public string Url { get; }

    /// <param name="name">What reports call it.</param>
    /// <param name="assembly">The program.</param>
    /// <param name="arguments">Its arguments. It prints "Listening on URL" when it is ready.</param>
    public static async Task<ServerProcess> StartAsync(string name, string assembly, params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet", [assembly, .. arguments]);
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;

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
