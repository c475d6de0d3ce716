using System.Globalization;
using PushProxy.Testing;

namespace PushProxy.Http2.Bench;

/// <summary>CPU per request with and without the layer, nothing pushed. Runs take turns; what counts is the ratio of each pair.</summary>
internal static class CpuBench
{
    public static async Task<int> RunAsync(int pairs, bool noise = false)
    {
        using var server = await BenchServer.StartAsync();
        Console.WriteLine("| response | without, µs | with, µs | ratio: median (middle half) |");
        Console.WriteLine("|---|---|---|---|");
        var other = noise ? server.Plain : server.Pushing;
        await CompareAsync(server, other, "small", "/small", requests: 200_000, pairs);
        await CompareAsync(server, other, "1 MiB", "/large", requests: 2_000, pairs);
        return 0;
    }

    private static async Task CompareAsync(BenchServer server, int other, string name, string path, int requests, int pairs)
    {
        for (var i = 0; i < 3; i++)
        {
            await CpuAsync(server, server.Plain, path, requests);
            await CpuAsync(server, other, path, requests);
        }

        var without = new List<double>();
        var with = new List<double>();
        for (var i = 0; i < pairs; i++)
        {
            // Which goes first alternates, so that a drift of the machine cancels out.
            if (i % 2 == 0)
            {
                without.Add(await CpuAsync(server, server.Plain, path, requests));
                with.Add(await CpuAsync(server, other, path, requests));
            }
            else
            {
                with.Add(await CpuAsync(server, other, path, requests));
                without.Add(await CpuAsync(server, server.Plain, path, requests));
            }
        }

        var ratios = with.Zip(without, (a, b) => a / b).ToList();
        Console.WriteLine($"| {name} | {Figures.Spread(without, "F1")} | {Figures.Spread(with, "F1")} | {Figures.Spread(ratios, "F3")} |");
    }

    private static async Task<double> CpuAsync(BenchServer server, int port, string path, int requests)
    {
        var before = server.Cpu;
        var result = await ExternalTool.RunAsync(
            "h2load", ["-n", requests.ToString(CultureInfo.InvariantCulture), "-c", "4", "-m", "10", "-w", "20", "-W", "24", $"https://localhost:{port}{path}"], TimeSpan.FromMinutes(2));
        if (result.ExitCode != 0 || !result.Output.Contains($"{requests} succeeded, 0 failed", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(result.Output + result.Error);
        }

        return (server.Cpu - before).TotalMicroseconds / requests;
    }
}
