using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Testing;

namespace PushProxy.Load;

/// <summary>
/// <c>first-byte</c>: how long a page's first byte takes while pages are analysed, beside a PushProxy that analyses nothing, and one that
/// delivers early, too. Requests come at a steady rate, whether earlier ones have been answered or not; by turns to the one and the other.
/// </summary>
internal static class FirstByteCommand
{
    private static readonly (string Name, string Path)[] Kinds =
        [("known", "/tagged"), ("changed each time", "/changing"), ("never seen", "/new/{0}")];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Pages a second.", DefaultValueFactory = static _ => 100 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds a run.", DefaultValueFactory = static _ => 5 };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs.", DefaultValueFactory = static _ => 6 };
        var command = new Command("first-byte", "Time to first byte with and without analysis.") { rate, seconds, rounds };
        command.SetAction((result, cancellation) => Failures.ReportAsync(
            () => RunAsync(result.GetValue(rate), result.GetValue(seconds), result.GetValue(rounds), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int seconds, int rounds, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("pushproxy-load-").FullName;
        try
        {
            await ExternalTool.RunAsync("dotnet", [ServerProcess.Program("pushproxy"), "cert", "--out", folder]);
            using var trusted = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "cert.pem"));
            await using var origin = await ServerProcess.StartAsync("origin", ServerProcess.Program("PushProxy.Load"), "origin");
            string[] arguments =
            [
                "run", "--origin", origin.Url, "--listen", "https://127.0.0.1:0", "--cert", Path.Combine(folder, "cert.pem"), "--key",
                Path.Combine(folder, "key.pem"),
                "--PushProxy:Management:Listen=none", "--Logging:LogLevel:Default=Warning", .. ForwardingOnly.Arguments,
            ];
            await using var early = await ServerProcess.StartAsync("as shipped", ServerProcess.Program("pushproxy"), arguments);
            await using var with = await ServerProcess.StartAsync(
                "analysis alone", ServerProcess.Program("pushproxy"), [.. arguments, "--PushProxy:Defaults:Delivery=link"]);
            await using var without = await ServerProcess.StartAsync(
                "neither", ServerProcess.Program("pushproxy"), [.. arguments, "--PushProxy:Defaults:Delivery=off"]);
            Console.WriteLine(
                $"{rate} pages a second: a third known, a third changed each time, a third never seen; {rounds} runs of {seconds} s "
                + "each; ms to the first byte");
            Console.WriteLine($"{"",-28} {"p50",8} {"p90",8} {"p99",8} {"max",8}");
            ServerProcess[] servers = [without, with, early];
            var results = servers.Select(static server => (Server: server, Times: new List<double>[] { [], [], [] })).ToArray();
            for (var i = -1; i < rounds; i++)
            {
                // Who goes first changes from round to round; what comes before the first round warms up.
                for (var turn = 0; turn < results.Length; turn++)
                {
                    var (server, times) = results[(i + 1 + turn) % results.Length];
                    var run = await LoadAsync(
                        server, trusted, rate, i < 0 ? 2 * seconds : seconds, (i + 1) * rate * seconds * 2, cancellation);
                    for (var at = 0; at < run.Length && i >= 0; at++)
                    {
                        times[at % Kinds.Length].Add(run[at]);
                    }
                }
            }

            var all = results.ToDictionary(static r => r.Server, static r => Sorted(r.Times.SelectMany(static t => t)));
            foreach (var (server, times) in results)
            {
                Print(server.Name, all[server]);
                for (var kind = 0; kind < Kinds.Length; kind++)
                {
                    Print("  " + Kinds[kind].Name, Sorted(times[kind]));
                }
            }

            foreach (var server in new[] { with, early })
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server.Name + ", less neither",-28} {Differ(0.5),8:F2} {Differ(0.9),8:F2} {Differ(0.99),8:F2}"));

                double Differ(double quantile) => At(all[server], quantile) - At(all[without], quantile);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double[]> LoadAsync(
        ServerProcess server, X509Certificate2 trusted, int rate, int seconds, int first, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate?.GetCertHashString() == trusted.GetCertHashString();
        using var client = new HttpClient(handler);
        client.BaseAddress = new Uri(server.Url);
        client.Timeout = Patience;
        await TimeAsync(client, "/tagged", cancellation);
        var pending = new Task<double>[rate * seconds];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < pending.Length; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellation);
            }

            pending[i] = TimeAsync(
                client, string.Format(CultureInfo.InvariantCulture, Kinds[i % Kinds.Length].Path, first + i), cancellation);
        }

        return await Task.WhenAll(pending);
    }

    /// <returns>Milliseconds to the first byte of the body.</returns>
    private static async Task<double> TimeAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Accept", "text/html,*/*;q=0.8");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        var start = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await body.ReadExactlyAsync(new byte[1], cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await body.CopyToAsync(Stream.Null, cancellation);
        return elapsed.TotalMilliseconds;
    }

    private static List<double> Sorted(IEnumerable<double> times) => [.. times.Order()];

    private static void Print(string name, List<double> sorted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-28} {At(sorted, 0.5),8:F2} {At(sorted, 0.9),8:F2} {At(sorted, 0.99),8:F2} {sorted[^1],8:F2}"));

    private static double At(List<double> sorted, double quantile) => sorted[(int)(quantile * (sorted.Count - 1))];
}
