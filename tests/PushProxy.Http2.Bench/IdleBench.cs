using System.Globalization;
using System.Text;

namespace PushProxy.Http2.Bench;

/// <summary>Heap of the server for an idle connection that has served one request, with and without the layer.</summary>
internal static class IdleBench
{
    public static async Task<int> RunAsync(int count)
    {
        using var server = await BenchServer.StartAsync();
        await using var probe = await BenchClient.ConnectAsync(server.Plain);
        Console.WriteLine("| connections | octets each |");
        Console.WriteLine("|---|---|");

        // One round of each first, so that pools and code are warm.
        await EachAsync(server.Plain, count / 4, probe);
        await EachAsync(server.Pushing, count / 4, probe);
        Console.WriteLine($"| {count} without | {await EachAsync(server.Plain, count, probe):F0} |");
        Console.WriteLine($"| {count} with | {await EachAsync(server.Pushing, count, probe):F0} |");
        return 0;
    }

    private static async Task<double> EachAsync(int port, int count, BenchClient probe)
    {
        var before = await HeapAsync(probe);
        var clients = new List<BenchClient>();
        for (var i = 0; i < count; i++)
        {
            var client = await BenchClient.ConnectAsync(port);
            await client.GetAsync(1, "/small");
            clients.Add(client);
        }

        var after = await HeapAsync(probe);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        return (double)(after - before) / count;
    }

    private static async Task<long> HeapAsync(BenchClient probe)
    {
        // Twice: what the first collection finalizes, the second frees.
        await probe.GetAsync(1, "/memory");
        await probe.GetAsync(1, "/memory");
        return long.Parse(Encoding.ASCII.GetString(probe.LastContent), CultureInfo.InvariantCulture);
    }
}
