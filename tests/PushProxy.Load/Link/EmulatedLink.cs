using System.Diagnostics;
using System.Globalization;
using PushProxy.Testing;

namespace PushProxy.Load.Link;

/// <summary>
/// A link between this program's network namespace, where the servers are, and another, where the client is. TCP runs from end to end of
/// it: handshake, slow start and losses are real. It needs no queueing discipline of the kernel's, which not every kernel has.
/// </summary>
internal sealed class EmulatedLink : IAsyncDisposable
{
    /// <summary>The servers' address, as the client has it.</summary>
    public const string ServerAddress = "10.77.0.1";

    private const string ClientAddress = "10.77.0.2";
    private readonly Process _holder;
    private readonly TunDevice[] _devices;
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _running;

    private EmulatedLink(Process holder, TunDevice server, TunDevice client, LinkShape options)
    {
        (_holder, _devices) = (holder, [server, client]);
        var delay = options.RoundTrip / 2;
        Down = new LinkDirection(server, client, delay, options.Down, options.Queue);
        Up = new LinkDirection(client, server, delay, options.Up, options.Queue);
        _running = [.. new[] { Down, Up }.Select(direction =>
            Task.Factory.StartNew(
                () => direction.Run(_end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    /// <summary>To the client.</summary>
    public LinkDirection Down { get; }

    /// <summary>From the client.</summary>
    public LinkDirection Up { get; }

    /// <summary>What stands before a command that is to run at the client's end.</summary>
    public IReadOnlyList<string> AtClient => ClientPrefix(_holder);

    /// <summary>Makes both ends and joins them. This program has to be in a namespace of its own (<see cref="Isolation"/>).</summary>
    /// <exception cref="InvalidOperationException">Something it takes is missing or forbidden; the message says what.</exception>
    public static async Task<EmulatedLink> StartAsync(LinkShape options, CancellationToken cancellation)
    {
        ExternalTool.Require("nsenter");
        // It ends when its input does, and the namespace with it.
        var holder = Process.Start(new ProcessStartInfo(ExternalTool.Require("unshare"), ["--net", "sh", "-c", "echo ready; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        ChildProcesses.KillAtExit(holder);
        TunDevice? server = null, client = null;
        try
        {
            if (await holder.StandardOutput.ReadLineAsync(cancellation) != "ready")
            {
                throw new InvalidOperationException("unshare --net made no network namespace for the client.");
            }

            (server, client) = (TunDevice.Create("server0"), TunDevice.Create("client0"));
            await RunAsync([], ["ip", "link", "set", client.Name, "netns", holder.Id.ToString(CultureInfo.InvariantCulture)], cancellation);
            await SetUpAsync([], server.Name, ServerAddress, cancellation);
            await SetUpAsync(ClientPrefix(holder), client.Name, ClientAddress, cancellation);
            return new EmulatedLink(holder, server, client, options);
        }
        catch
        {
            server?.Dispose();
            client?.Dispose();
            End(holder);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running);
        Array.ForEach(_devices, static d => d.Dispose());
        End(_holder);
        _end.Dispose();
    }

    private static async Task SetUpAsync(IReadOnlyList<string> prefix, string device, string address, CancellationToken cancellation)
    {
        await RunAsync(prefix, ["ip", "link", "set", "lo", "up"], cancellation);
        await RunAsync(prefix, ["ip", "address", "add", address + "/30", "dev", device], cancellation);
        await RunAsync(prefix, ["ip", "link", "set", device, "mtu", "1500", "txqueuelen", "2000", "up"], cancellation);
        // A connection would begin with what an earlier one has found out about the way. Each load is to begin the same.
        await RunAsync(prefix, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save"], cancellation);
    }

    private static async Task RunAsync(IReadOnlyList<string> prefix, string[] command, CancellationToken cancellation)
    {
        string[] all = [.. prefix, .. command];
        ExternalTool.Require(command[0]);
        var result = await ExternalTool.RunAsync(all[0], all[1..], cancellation);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', all)}: {result.Error.Trim()}");
        }
    }

    private static string[] ClientPrefix(Process holder) =>
        ["nsenter", string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{holder.Id}/ns/net"), "--"];

    private static void End(Process holder)
    {
        holder.Kill();
        holder.Dispose();
    }
}

/// <summary>What a link is like.</summary>
/// <param name="RoundTrip">Half of it each way.</param>
/// <param name="Down">Mbit/s to the client.</param>
/// <param name="Up">Mbit/s from the client.</param>
internal sealed record LinkShape(TimeSpan RoundTrip, double Down, double Up)
{
    /// <summary>How long a packet waits for bandwidth at most; but 64 kB always have room.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(200);
}
