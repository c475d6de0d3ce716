using System.Diagnostics;
using System.Net;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Support;

/// <summary>The program, running on ports the system chose.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly Process _process;

    private RunningProxy(Process process) => _process = process;

    /// <summary>Standard output: what a person is told.</summary>
    public ProgramLines Output { get; } = new();

    /// <summary>Standard error: the log.</summary>
    public ProgramLines Log { get; } = new();

    /// <summary>The first public address.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where health is told.</summary>
    public Uri Management { get; private set; } = null!;

#pragma warning disable CA5359 // The certificates here are self-made; what is in them is the certificate tests' matter.
    /// <summary>Asks the first public address; any certificate will do.</summary>
    public HttpClient Client { get; } = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };
#pragma warning restore CA5359

    /// <summary>Starts <c>pushproxy run</c> with a public and a management listener, and waits until both are open.</summary>
    public static Task<RunningProxy> StartAsync(params string[] arguments) => StartAsync(arguments, null);

    public static Task<RunningProxy> StartAsync(string[] arguments, Dictionary<string, string>? environment, string? folder = null) =>
        StartAsync(
            Pushproxy.Program,
            [.. arguments, "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=http://127.0.0.1:0"],
            environment,
            folder);

    /// <summary>Starts a program with exactly these arguments.</summary>
    public static async Task<RunningProxy> StartAsync(
        string program, IEnumerable<string> arguments, Dictionary<string, string>? environment = null, string? folder = null, bool management = true)
    {
        var process = new Process { StartInfo = Pushproxy.StartInfo(program, arguments, folder, environment), EnableRaisingEvents = true };
        var proxy = new RunningProxy(process);
        process.OutputDataReceived += proxy.Output.Receive;
        process.ErrorDataReceived += proxy.Log.Receive;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = proxy.ReadAddressesAsync(management);
        if (await Task.WhenAny(started, process.WaitForExitAsync()) != started)
        {
            throw new InvalidOperationException($"The program ended with {process.ExitCode}. It printed:\n{proxy.Output.Text}\n{proxy.Log.Text}");
        }

        await started;
        return proxy;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? host = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Host = host;
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<string> GetStringAsync(string path) => Client.GetStringAsync(new Uri(Address, path), TestContext.Current.CancellationToken);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>Its process, by number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Asks the program to stop, as an init system or a container engine does.</summary>
    public void Terminate()
    {
        if (!Signals.Terminate(_process.Id))
        {
            throw new InvalidOperationException("The program can't be signalled.");
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAddressesAsync(bool management)
    {
        Address = Reachable(await Output.WaitForAsync("Listening on "));
        if (management)
        {
            Management = Reachable(await Output.WaitForAsync("Management on "));
        }
    }

    // Listening on every address, it is asked on this machine's own.
    private static Uri Reachable(string line) =>
        new(line[(line.LastIndexOf(' ') + 1)..].Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
}
