namespace PushProxy.Http2.Bench;

/// <summary>
/// What a pushed resource costs the server, against the same resource requested by the client: views of a page with five
/// pushes, of the page with five requests once it is there (in one write, as browsers do), and of the page alone, in turns.
/// All on the port with the layer.
/// </summary>
internal static class PushBench
{
    public const int Resources = 5;
    private const int Views = 40_000;
    private const int Connections = 4;

    public static async Task<int> RunAsync(int rounds)
    {
        using var server = await BenchServer.StartAsync();
        Func<BenchClient, Task> alone = client => client.GetAsync(1, "/page");
        Func<BenchClient, Task> pushed = client => client.GetAsync(1 + Resources, "/push");
        Func<BenchClient, Task> requested = async client =>
        {
            await client.GetAsync(1, "/page");
            await client.GetAsync(Resources, "/r", "/r", "/r", "/r", "/r");
        };
        await RoundAsync(server, pushed);
        await RoundAsync(server, requested);
        await RoundAsync(server, pushed);
        var ratios = new List<double>();
        var costs = new List<(double Push, double Request)>();
        for (var i = 0; i < rounds; i++)
        {
            double push, request;
            if (i % 2 == 0)
            {
                push = await RoundAsync(server, pushed);
                request = await RoundAsync(server, requested);
            }
            else
            {
                request = await RoundAsync(server, requested);
                push = await RoundAsync(server, pushed);
            }

            var page = await RoundAsync(server, alone);
            costs.Add(((push - page) / Resources, (request - page) / Resources));
            ratios.Add((push - page) / (request - page));
        }

        Console.WriteLine("| requested, µs | pushed, µs | ratio: median (middle half) |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine($"| {Figures.Spread([.. costs.Select(c => c.Request)], "F1")} | {Figures.Spread([.. costs.Select(c => c.Push)], "F1")} | {Figures.Spread(ratios, "F3")} |");
        return 0;
    }

    // CPU of the server for a view, in µs.
    private static async Task<double> RoundAsync(BenchServer server, Func<BenchClient, Task> view)
    {
        var clients = new List<BenchClient>();
        for (var i = 0; i < Connections; i++)
        {
            clients.Add(await BenchClient.ConnectAsync(server.Pushing));
        }

        var before = server.Cpu;
        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < Views / Connections; i++)
            {
                await view(client);
            }
        })));
        var used = (server.Cpu - before).TotalMicroseconds / Views;
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        return used;
    }
}
