using System.Diagnostics;
using System.Globalization;
using PushProxy.Testing;

namespace PushProxy.Load.Instances;

/// <summary>
/// A network namespace beside this program's, and a cable (veth) between both that can be cut. Only in a namespace of one's own
/// (<see cref="Link.Isolation"/>).
/// </summary>
internal sealed class SeparateNetwork : IAsyncDisposable
{
    /// <summary>The address at the other end.</summary>
    public const string Address = "10.78.0.2";

    private const string OwnAddress = "10.78.0.1", OwnEnd = "pushproxy0", OtherEnd = "pushproxy1";
    private readonly Process _holder;

    private SeparateNetwork(Process holder) => _holder = holder;

    /// <summary>What stands before a command that is to run there.</summary>
    public IReadOnlyList<string> Prefix =>
        ["nsenter", string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{_holder.Id}/ns/net"), "--"];

    /// <summary>Makes it, with the cable in order.</summary>
    /// <exception cref="InvalidOperationException">Something it takes is missing or forbidden; the message says what.</exception>
    public static async Task<SeparateNetwork> StartAsync(CancellationToken cancellation)
    {
        ExternalTool.Require("nsenter");

        // It ends when its input does, and the namespace with it.
        var holder = Process.Start(new ProcessStartInfo(ExternalTool.Require("unshare"), ["--net", "sh", "-c", "echo ready; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        ChildProcesses.KillAtExit(holder);
        var network = new SeparateNetwork(holder);
        try
        {
            if (await holder.StandardOutput.ReadLineAsync(cancellation) != "ready")
            {
                throw new InvalidOperationException("unshare --net made no network namespace.");
            }

            await RunAsync("ip", "link", "set", "lo", "up");
            await RunAsync("ip", "link", "add", OwnEnd, "type", "veth", "peer", "name", OtherEnd);
            await RunAsync("ip", "link", "set", OtherEnd, "netns", holder.Id.ToString(CultureInfo.InvariantCulture));
            await RunAsync("ip", "address", "add", OwnAddress + "/30", "dev", OwnEnd);
            await RunAsync("ip", "link", "set", OwnEnd, "up");
            await RunAsync([.. network.Prefix, "ip", "link", "set", "lo", "up"]);
            await RunAsync([.. network.Prefix, "ip", "address", "add", Address + "/30", "dev", OtherEnd]);
            await network.JoinAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Cuts the cable at the far end. Here, addresses and routes stay as they were: what is sent is lost, and nobody says so.
    /// </summary>
    public Task CutAsync() => RunAsync([.. Prefix, "ip", "link", "set", OtherEnd, "down"]);

    /// <summary>Joins it again.</summary>
    public Task JoinAsync() => RunAsync([.. Prefix, "ip", "link", "set", OtherEnd, "up"]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _holder.Kill();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    private static async Task RunAsync(params string[] command)
    {
        ExternalTool.Require(command[0]);
        var result = await ExternalTool.RunAsync(command[0], command[1..]);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {result.Error.Trim()}");
        }
    }
}
