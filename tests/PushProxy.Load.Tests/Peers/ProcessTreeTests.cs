using System.Diagnostics;
using PushProxy.Load.Peers;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Peers;

/// <summary>What a server costs is what all its processes cost.</summary>
public sealed class ProcessTreeTests
{
    [Fact]
    public async Task Children_that_have_ended_count_and_so_do_those_that_run()
    {
        // A child works and ends; then another sleeps, and a grandchild with it. The shell itself does next to nothing.
        const string Work = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done";
        using var shell = Process.Start("sh", ["-c", $"sh -c '{Work}'; sh -c 'sleep 100; true'; true"]);
        ChildProcesses.KillAtExit(shell);
        try
        {
            var tree = new ProcessTree(shell.Id);
            await Eventually.TrueAsync(() => tree.Count == 3, () => $"{tree.Count} processes, not 3.");
            var own = shell.TotalProcessorTime;
            Assert.True(tree.ProcessorTime > own + TimeSpan.FromMilliseconds(50), $"{tree.ProcessorTime}, of which the shell's own {own}");
            Assert.True(tree.ProportionalMemory > 0);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void A_process_that_is_not_there_has_nothing()
    {
        var none = new ProcessTree(int.MaxValue);
        Assert.Equal((0, TimeSpan.Zero, 0), (none.Count, none.ProcessorTime, none.ProportionalMemory));
    }
}
