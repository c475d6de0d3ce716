using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PushProxy.Load.Restart;
using PushProxy.Testing.Stores;

namespace PushProxy.Load.Instances;

/// <summary>
/// <c>instances</c>: several instances learn one site by way of a real Redis. How long after the second connection has been sent a page,
/// whichever instance sent it, do all instances tell others of it? And what does that cost Redis?
/// </summary>
internal static class InstancesCommand
{
    private const int MaxLooks = 500;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    public static Command Create()
    {
        var instances = new Option<int>("--instances") { Description = "How many instances.", DefaultValueFactory = static _ => 4 };
        var pages = new Option<int>("--pages") { Description = "How many pages the site has.", DefaultValueFactory = static _ => 10_000 };
        var views = new Option<int>("--views") { Description = "Views a second, of all instances.", DefaultValueFactory = static _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = static _ => 60 };
        var command = new Command("instances", "How soon several instances know the same, by way of Redis, and what that costs.")
        {
            instances, pages, views, seconds,
        };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => RunAsync(
            result.GetValue(instances), result.GetValue(pages), result.GetValue(views), result.GetValue(seconds), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(int count, int pages, int views, int seconds, CancellationToken cancellation)
    {
        await using var redis = await RedisProcess.StartAsync();
        var (site, random, all) = (new ManyPages("site"), new Random(17), new List<SimulatedInstance>());
        for (var i = 0; i < count; i++)
        {
            all.Add(await SimulatedInstance.StartAsync(redis.Connection));
        }

        // By then they have agreed on a key.
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        var (seen, waiting, times) = (new int[pages], new Dictionary<int, long>(), new List<double>());
        var (began, done) = (Stopwatch.GetTimestamp(), 0);
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(cancellation) && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds + 10)
        {
            var due = (int)(Math.Min(seconds, Stopwatch.GetElapsedTime(began).TotalSeconds) * views);
            for (; done < due; done++)
            {
                var page = random.Next(pages);
                all[random.Next(count)].View(site, page, (ulong)done + 1);
                if (++seen[page] == 2)
                {
                    waiting[page] = Stopwatch.GetTimestamp();
                }
            }

            // Those that wait longest; to look at all would take longer than what is measured.
            foreach (var (page, since) in waiting.Take(MaxLooks).Where(w => all.TrueForAll(i => i.Tells(site, w.Key))).ToList())
            {
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                waiting.Remove(page);
            }
        }

        times.Sort();
        Print($"{count} instances, {done:N0} views of {pages:N0} pages, {views:N0} a second");
        Print($"pages sent to two connections: {times.Count + waiting.Count:N0}; told by all instances: {times.Count:N0}");
        Print($"after ms: p50 {At(times, 0.5):N0}, p99 {At(times, 0.99):N0}, last {times[^1]:N0}");
        foreach (var name in (string[])["total_commands_processed", "total_net_input_bytes", "total_net_output_bytes"])
        {
            Print($"{name}: {await InfoAsync(redis, "stats", name)}");
        }

        Print($"used_memory: {await InfoAsync(redis, "memory", "used_memory")}");
        Print($"used_cpu_user + sys: {await InfoAsync(redis, "cpu", "used_cpu_user")} + {await InfoAsync(redis, "cpu", "used_cpu_sys")} s");
        foreach (var instance in all)
        {
            await instance.DisposeAsync();
        }

        return waiting.Count == 0 ? 0 : 1;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static async Task<string> InfoAsync(RedisProcess redis, string section, string name) =>
        (await redis.SayAsync("info", section)).Split('\n').Select(static l => l.Trim().Split(':'))
            .First(l => l[0] == name)[1];

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
