using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Testing;

namespace PushProxy.Load;

/// <summary>
/// <c>compare</c>: processor time per request, PushProxy beside stock YARP, over TLS and HTTP/2 with h2load, turn by turn in one run.
/// The proxies have one processor, load generator and origin the other. What is quoted is the median of the ratios of pairs.
/// </summary>
internal static partial class CompareCommand
{
    private static readonly (string Name, string Path)[] Work =
    [
        ("asset", "/app1.css"),
        ("learned page, no version", "/page"),
        ("learned page, ETag", "/tagged"),
    ];

    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests a run.", DefaultValueFactory = static _ => 20_000 };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs.", DefaultValueFactory = static _ => 9 };
        var warmUps = new Option<int>("--warm-ups") { Description = "Runs of each that do not count.", DefaultValueFactory = static _ => 8 };
        var command = new Command("compare", "CPU per request, PushProxy beside stock YARP.") { requests, rounds, warmUps };
        command.SetAction((result, cancellation) => Failures.ReportAsync(
            () => RunAsync(result.GetValue(requests), result.GetValue(rounds), result.GetValue(warmUps), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(int requests, int rounds, int warmUps, CancellationToken cancellation)
    {
        ExternalTool.Require("h2load");
        ExternalTool.Require("taskset");
        var folder = Directory.CreateTempSubdirectory("pushproxy-load-").FullName;
        try
        {
            await ExternalTool.RunAsync("dotnet", [ServerProcess.Program("pushproxy"), "cert", "--out", folder]);
            string[] tls = ["--cert", Path.Combine(folder, "cert.pem"), "--key", Path.Combine(folder, "key.pem")];
            await using var origin = await ServerProcess.StartAsync("origin", 1, ServerProcess.Program("PushProxy.Load"), "origin");
            await using var stock = await ServerProcess.StartAsync("stock YARP", 0, ServerProcess.Program("PushProxy.Load"), ["stock", "--origin", origin.Url, .. tls]);
            await using var ours = await ServerProcess.StartAsync(
                "PushProxy", 0, ServerProcess.Program("pushproxy"),
                ["run", "--origin", origin.Url, "--listen", "https://127.0.0.1:0", .. tls, "--PushProxy:Management:Listen=none", "--Logging:LogLevel:Default=Warning"]);
            Console.WriteLine($"h2load, 8 connections of 10 streams, {requests} requests a run, {rounds} pairs; CPU in microseconds a request, median");
            Console.WriteLine($"{"",-26} {"stock YARP",12} {"PushProxy",12} {"ratio",8} {"min",8} {"max",8}");
            foreach (var (name, path) in Work)
            {
                // Code is compiled for good only in a quiet moment after it has been busy, and in several steps: with less, one
                // of the two is measured half compiled, and which one is a matter of chance.
                for (var i = 0; i < warmUps; i++)
                {
                    await LoadAsync(stock, path, requests, cancellation);
                    await LoadAsync(ours, path, requests, cancellation);
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                }

                var pairs = new List<(double Stock, double Ours)>();
                for (var i = 0; i < rounds; i++)
                {
                    // Who goes first alternates, so that what drifts hits both.
                    var a = await LoadAsync(i % 2 == 0 ? stock : ours, path, requests, cancellation);
                    var b = await LoadAsync(i % 2 == 0 ? ours : stock, path, requests, cancellation);
                    pairs.Add(i % 2 == 0 ? (a, b) : (b, a));
                }

                var ratios = pairs.Select(static p => p.Ours / p.Stock).Order().ToList();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-26} {Median(pairs.Select(static p => p.Stock)),12:F1} {Median(pairs.Select(static p => p.Ours)),12:F1} {Median(ratios),8:F3} {ratios[0],8:F3} {ratios[^1],8:F3}"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"peak memory, MiB",-26} {stock.PeakMemory,12:F0} {ours.PeakMemory,12:F0}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>Processor time of the server a request, in microseconds.</returns>
    private static async Task<double> LoadAsync(ServerProcess server, string path, int requests, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var before = server.ProcessorTime;
        var count = requests.ToString(CultureInfo.InvariantCulture);
        var run = await ExternalTool.RunAsync("taskset", ["-c", "1", "h2load", "-n", count, "-c", "8", "-m", "10", server.Url + path], TimeSpan.FromMinutes(5));
        if (Succeeded().Match(run.Output) is not { Success: true } match || match.Groups[1].Value != count)
        {
            throw new InvalidOperationException($"{server.Name} {path}: not every request was answered with 200.\n{run.Output}{run.Error}");
        }

        return (server.ProcessorTime - before).TotalMicroseconds / requests;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    [GeneratedRegex(@"status codes: (\d+) 2xx")]
    private static partial Regex Succeeded();
}
