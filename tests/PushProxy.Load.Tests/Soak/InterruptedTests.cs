using System.Diagnostics;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Soak;

/// <summary>A soak that is interrupted in the midst of it.</summary>
public sealed class InterruptedTests
{
    [Fact]
    public async Task Nothing_is_left_when_it_is_interrupted()
    {
        var folder = Directory.CreateTempSubdirectory("pushproxy-test-");
        try
        {
            // A shell's background ignores SIGINT, and so would all that is started there.
            var start = new ProcessStartInfo(
                "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll"), "soak", "--minutes", "5"])
            {
                RedirectStandardOutput = true,
            };
            start.Environment["TMPDIR"] = folder.FullName;
            using var soak = Process.Start(start)!;
            while (await soak.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
                && !line.Contains(" views, ", StringComparison.Ordinal))
            {
            }

            var children = Descendants(soak.Id);
            Assert.True(children.Count >= 3, "The origin and two proxies at least.");
            Assert.NotEmpty(folder.GetDirectories());
            Assert.Equal(0, (await ExternalTool.RunAsync("sh", ["-c", $"kill -INT {soak.Id}"])).ExitCode);
            Assert.EndsWith(
                "Interrupted.\n",
                await soak.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
            await soak.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.NotEqual(0, soak.ExitCode);
            await Eventually.TrueAsync(
                () => !children.Exists(Lives), () => $"Still there: {string.Join(", ", children.Where(Lives))}", TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(folder.GetDirectories(), static d => d.Name.StartsWith("pushproxy", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<int> Descendants(int process)
    {
        var children = Directory.GetDirectories($"/proc/{process}/task").SelectMany(
            static t => File.ReadAllText(t + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse).ToList();
        return [.. children, .. children.SelectMany(Descendants)];
    }

    // One that has ended and is nobody's any more is waited for by init.
    private static bool Lives(int process) =>
        File.Exists($"/proc/{process}/stat") && File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] != 'Z';
}
