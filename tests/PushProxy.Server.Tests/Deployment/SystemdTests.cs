using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>The program as a service of systemd, played by a socket that hears what it says (sd_notify(3)).</summary>
public class SystemdTests
{
    [Theory]
    [InlineData("00:00:00")]
    // It stops as soon as it was told to, however long it still accepts connections.
    [InlineData("00:10:00")]
    public async Task It_says_when_it_listens_and_when_it_stops(string drainTime)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        using var process = Process.Start(Pushproxy.StartInfo(
            Pushproxy.Program,
            ["run", "--origin", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=none", $"--PushProxy:DrainTime={drainTime}"],
            null,
            new() { ["NOTIFY_SOCKET"] = path }))!;
        ChildProcesses.KillAtExit(process);
        Assert.Equal("READY=1", await HearAsync(manager));

        // HUP is what the unit reloads by; it is heard and the program runs on.
        _ = Signals.HangUp(process.Id);
        _ = Signals.Terminate(process.Id);
        Assert.Equal("STOPPING=1", await HearAsync(manager));
        _ = Signals.Terminate(process.Id);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void The_unit_starts_the_program_as_the_documentation_says()
    {
        var unit = File.ReadAllLines(Repository.File("deploy/pushproxy.service"));
        foreach (var line in (string[])
            [
                "Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "UMask=0007", "StateDirectory=pushproxy", "RuntimeDirectory=pushproxy", "LogsDirectory=pushproxy",
                "MemoryMax=512M", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "WantedBy=multi-user.target",
            ])
        {
            Assert.Contains(line, unit);
        }

        var docs = File.ReadAllText(Repository.File("docs/deployment.md"));
        var command = Assert.Single(unit, static l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=/usr/bin/".Length..];
        Assert.Contains("    " + command + "\n", docs, StringComparison.Ordinal);
    }

    private static async Task<string> HearAsync(Socket manager)
    {
        var buffer = new byte[256];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return Encoding.ASCII.GetString(buffer, 0, await manager.ReceiveAsync(buffer, limit.Token));
    }
}
