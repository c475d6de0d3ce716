using System.Diagnostics;
using System.Text;

namespace PushProxy.Analysis.Tests;

/// <summary>
/// What an analysis costs. The figures in docs/analysis.md come from here; the limits asserted are far above them, for machines
/// that do other things at the same time.
/// </summary>
[Collection(nameof(CostTests))]
[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
public class CostTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(PageScope.Head, 24_000, 10)]
    [InlineData(PageScope.Head, 64_000, 10)]
    [InlineData(PageScope.WholePage, 24_000, 50)]
    [InlineData(PageScope.WholePage, 100_000, 100)]
    public void An_analysis_is_cheap(PageScope scope, int size, double limitInMilliseconds)
    {
        var html = Encoding.UTF8.GetBytes(SamplePage.Html(size));
        var analyzer = new PageAnalyzer();
        var times = new List<double>();
        var allocated = 0L;
        var warmUp = Stopwatch.StartNew();
        while (times.Count < 500)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            var analysis = analyzer.Analyze(html, Page.Address, "utf-8", scope, TestContext.Current.CancellationToken);
            if (warmUp.Elapsed > TimeSpan.FromSeconds(1.5))
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Equal(SamplePage.Critical, analysis.Resources.Count);
        }

        times.Sort();
        var median = times[times.Count / 2];
        output.WriteLine($"{scope}, {html.Length:N0} bytes: median {median:F3} ms ({html.Length / median:N0} bytes/ms), p95 {times[times.Count * 95 / 100]:F3} ms, {allocated / 1024} kB allocated");
        Assert.InRange(median, 0, limitInMilliseconds);
    }
}
