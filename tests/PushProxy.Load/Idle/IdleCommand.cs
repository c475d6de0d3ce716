using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PushProxy.Load.Soak.Watching;
using PushProxy.Testing;

namespace PushProxy.Load.Idle;

/// <summary><c>idle</c>: what an open connection costs in memory once its client has what it wanted, beside stock YARP.</summary>
internal static class IdleCommand
{
    private static readonly string[] Needs = ["/app1.css", "/app2.css", "/app3.css", "/app1.js", "/app2.js"];

    // Connections whose memory comes back, so that pools and code are warm.
    private const int Warm = 100;

    public static Command Create()
    {
        var count = new Option<int>("--connections") { Description = "How many are kept open, 10 to 10,000.", DefaultValueFactory = static _ => 1000 };
        var settle = new Option<int>("--settle")
        {
            Description = "Seconds that they are idle before the memory is looked at, 1 to 600.",
            DefaultValueFactory = static _ => 10,
        };
        Limit(count, 10, 10_000);
        Limit(settle, 1, 600);
        var command = new Command(
            "idle", "What an open connection costs in memory after one request or page, beside stock YARP.") { count, settle };
        command.SetAction((result, cancellation) => Failures.ReportAsync(
            () => RunAsync(result.GetValue(count), TimeSpan.FromSeconds(result.GetValue(settle)), cancellation)));
        return command;
    }

    private static void Limit(Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: {min:N0} to {max:N0}."));
        }
    });

    private static async Task<int> RunAsync(int count, TimeSpan settle, CancellationToken cancellation)
    {
        using var certificate = new TestCertificate();
        await using var origin = await ServerProcess.StartAsync("origin", ServerProcess.Program("PushProxy.Load"), "origin");
        string[] site = ["--origin", origin.Url, "--cert", certificate.CertificateFile, "--key", certificate.KeyFile];
        var ours = new ProxyProgram(
            "PushProxy",
            "pushproxy",
            ["run", .. site, .. ForwardingOnly.Arguments, "--listen", "https://127.0.0.1:0", "--PushProxy:Management:Listen=none",
                "--Logging:LogLevel:Default=Warning"]);
        var stock = new ProxyProgram("stock YARP", "PushProxy.Load", ["stock", .. site]);
        Console.WriteLine("| after | PushProxy, bytes a connection | stock YARP | ratio | pushes |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, mode, path) in new[]
        {
            ("one small request", "small", "/app1.css"), ("a page, pushed", "push", "/tagged"), ("a page, hinted", "hint", "/tagged"),
        })
        {
            var (bytes, pushes) = await MeasureAsync(ours, (count, mode, path), settle, cancellation);
            var (reference, _) = await MeasureAsync(stock, (count, mode, path), settle, cancellation);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {bytes:N0} | {reference:N0} | {bytes / reference:F2} | {(double)pushes / count:F1} |"));
        }

        return 0;
    }

    private static async Task<(double Bytes, int Pushes)> MeasureAsync(
        ProxyProgram program, (int Count, string Mode, string Path) clients, TimeSpan settle, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("pushproxy-idle-");
        try
        {
            await using var proxy = await WatchedProcess.StartAsync(program, folder.FullName, cancellation);
            await using (await ConnectAsync(proxy, clients with { Count = Warm }))
            {
                await Task.Delay(settle, cancellation);
            }

            await Task.Delay(settle, cancellation);
            var before = await proxy.AskAsync(collect: true, cancellation);
            await using var open = await ConnectAsync(proxy, clients);

            // Kestrel, too, keeps streams of a connection for a while to use them again.
            await Task.Delay(settle, cancellation);
            var after = await proxy.AskAsync(collect: true, cancellation);
            return ((double)(after.Heap - before.Heap) / clients.Count, open.Pushes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<OpenConnections> ConnectAsync(WatchedProcess proxy, (int Count, string Mode, string Path) clients)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Idle", "idle-connections.mjs");
        var count = clients.Count.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "node", [script, new Uri(proxy.Url, clients.Path).AbsoluteUri, count, clients.Mode, .. clients.Mode == "small" ? [] : Needs])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        var words = (await process.StandardOutput.ReadLineAsync())?.Split(' ');
        return words is ["open", var open, var pushes] && open == count
            ? new OpenConnections(process, int.Parse(pushes, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The connections to {proxy.Url} could not be opened.");
    }

    /// <summary>Connections that are open until this is disposed.</summary>
    private sealed class OpenConnections(Process process, int pushes) : IAsyncDisposable
    {
        public int Pushes => pushes;

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
