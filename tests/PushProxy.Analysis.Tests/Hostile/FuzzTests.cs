using System.Globalization;

namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>
/// The search for pages that cost much. In the suite it is short. PUSHPROXY_FUZZ says how many pages it tries, and then it measures
/// the whole process, which does nothing else:
/// <code>PUSHPROXY_FUZZ=10000 dotnet run -c Release --project tests/PushProxy.Analysis.Tests -- -class '*Hostile.FuzzTests'</code>
/// It prints the worst of each kind; PUSHPROXY_FUZZ_KEEP names a folder that gets their genes.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int ShortRun = 60;
    private const int ProgressEvery = 100;
    private const long MaxLive = 128_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    [Fact]
    public void No_page_costs_more_than_it_may()
    {
        var isLong = int.TryParse(Environment.GetEnvironmentVariable("PUSHPROXY_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var pages);
        pages = isLong ? pages : ShortRun;
        _ = Cost.Of(HostilePage.Parse("html", ["html 100 <p>x", "style 100 p{top:0}"]));

        // The short run begins with a small page, which grows.
        var seed = int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
        var fuzzer = new Fuzzer(seed, page => Cost.Of(page, isLong));
        fuzzer.Add(HostilePage.Parse("html", ["html 1000 <p>x", "style 100 p{top:{i}px}"]));
        foreach (var name in isLong ? HostilePage.Names : [])
        {
            var cost = fuzzer.Add(HostilePage.Read(name));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {cost.Time.TotalMilliseconds:F0} ms, {cost.Steps / 1000} k steps, {cost.Charged >> 20} MiB charged, {cost.Live >> 20} MiB live, {cost.Analysis.RanOutOn}"));
        }

        var (slowest, largest, tooMuch) = (TimeSpan.Zero, 0L, new List<string>());
        for (var i = 0; i < pages; i++)
        {
            HostilePage page;
            Cost cost;
            try
            {
                (page, cost) = fuzzer.Next();
            }
            catch (InvalidOperationException e)
            {
                // No memory was left, or the analysis threw.
                tooMuch.Add($"{e.InnerException?.GetType().Name}: {e.Message}");
                output.WriteLine(tooMuch[^1]);
                continue;
            }

            slowest = cost.Time > slowest ? cost.Time : slowest;
            largest = Math.Max(largest, cost.Live);
            if (cost.Time >= MaxTime || cost.Live > MaxLive || cost.Charged > AnalysisOptions.Default.MaxMemory)
            {
                tooMuch.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cost.Time.TotalMilliseconds:F0} ms of processor time, {cost.Live:N0} bytes in use, {cost.Charged:N0} charged:\n{string.Join('\n', page.Genes)}"));
                output.WriteLine(tooMuch[^1]);
            }

            if (isLong && (i + 1) % ProgressEvery == 0)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{i + 1} pages, the slowest took {slowest.TotalMilliseconds:F0} ms, the largest {largest >> 20} MiB, {tooMuch.Count} too much."));
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{pages} pages, the slowest took {slowest.TotalMilliseconds:F0} ms, the largest {largest >> 20} MiB."));
        Report(fuzzer, isLong);
        Assert.Empty(tooMuch);
    }

    private void Report(Fuzzer fuzzer, bool isLong)
    {
        foreach (var kind in fuzzer.Worst.GroupBy(worst => worst.Kind))
        {
            var (slowest, largest) = (kind.MaxBy(worst => worst.Cost.Time), kind.MaxBy(worst => worst.Cost.Live));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind.Key} | {slowest.Cost.Time.TotalMilliseconds:F0} ms | {slowest.Page.Length / 1000} kB | {kind.Max(worst => worst.Cost.Charged) >> 20} MiB | {largest.Cost.Live >> 20} MiB |"));
            if (Environment.GetEnvironmentVariable("PUSHPROXY_FUZZ_KEEP") is { Length: > 0 } folder && isLong)
            {
                Directory.CreateDirectory(folder);
                foreach (var (worst, name) in new[] { (slowest, "slowest"), (largest, "largest") })
                {
                    File.WriteAllLines(Path.Combine(folder, $"{kind.Key}-{name}.genes"), worst.Page.Genes.Select(gene => gene.ToString()));
                }
            }
        }
    }
}
