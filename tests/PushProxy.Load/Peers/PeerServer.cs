using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using PushProxy.Testing;

namespace PushProxy.Load.Peers;

/// <summary>A peer that runs: a process with its children, in a folder and on a port of its own.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const string Ready = "Listening on ";
    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PeerServer(Peer peer, PeerSetup setup)
    {
        Peer = peer;
        // On its processors from the start: servers look at what they may use when they start.
        string[] pin = setup.Processors is { } processors ? [ExternalTool.Require("taskset"), "-c", processors] : [];
        string[] command = [.. pin, peer.Executable, .. peer.Arguments(setup)];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = setup.Folder,
        };
        foreach (var place in (string[])["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR"])
        {
            start.Environment[place] = setup.Folder;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Start();
        ChildProcesses.KillAtExit(_process);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Processes = new ProcessTree(_process.Id);
    }

    public Peer Peer { get; }

    public Uri Url { get; private set; } = null!;

    public ProcessTree Processes { get; }

    /// <summary>What it has printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it printed.</exception>
    public static async Task<PeerServer> StartAsync(Peer peer, PeerSetup setup, CancellationToken cancellation)
    {
        // Who cannot tell which port he got, gets one that was free a moment ago; somebody else may be quicker.
        for (var attempt = 1; ; attempt++)
        {
            var port = Ports.Free(IPAddress.Parse(setup.Address));
            if (peer.Template is not null)
            {
                await PeerConfiguration.WriteAsync(peer, setup, port, cancellation);
            }

            var server = new PeerServer(peer, setup);
            try
            {
                server.Url = await (peer.Template is null ? server.AddressAsync() : server.AcceptsAsync(setup.Address, port))
                    .WaitAsync(Patience, cancellation);
                return server;
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException)
            {
                await server.DisposeAsync();
                if (attempt == Attempts || peer.Template is null)
                {
                    throw new InvalidOperationException($"{peer.Title} did not start: {e.Message} It printed:\n{server.Log}", e);
                }
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>
    /// Ends it as an operator does, and by force if it does not. What is built here leaves nothing behind that it would have to see to.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (Peer.Template is null)
            {
                _process.Kill(entireProcessTree: true);
            }

            _ = Signals.Terminate(_process.Id);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(EndPatience);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private async Task<Uri> AddressAsync()
    {
        var ended = _process.WaitForExitAsync();
        return await Task.WhenAny(_address.Task, ended) == ended ? throw new InvalidOperationException("It ended.") : await _address.Task;
    }

    private async Task<Uri> AcceptsAsync(string address, int port)
    {
        while (!_process.HasExited)
        {
            if (await Ports.AcceptsAsync(port, IPAddress.Parse(address)))
            {
                // Somebody else's port would answer too; but then it ends.
                await Task.Delay(100);
                if (!_process.HasExited)
                {
                    return new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{address}:{port}"));
                }
            }
            else
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"It ended with {_process.ExitCode}.");
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            // The beginning tells why it does not start; a server that complains for hours fills no memory.
            if (_log.Length < 100_000)
            {
                _log.AppendLine(line);
            }
        }

        if (line.StartsWith(Ready, StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(line[Ready.Length..].Trim()));
        }
    }
}
