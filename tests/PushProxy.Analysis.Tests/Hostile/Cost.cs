using System.Diagnostics;
using System.Text;
using PushProxy.Testing;

namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>What an analysis has cost.</summary>
/// <param name="Time">The processor time of its thread, or of the whole process.</param>
/// <param name="Allocated">The memory it allocated, whether or not it was free again before the end, in bytes.</param>
/// <param name="Live">The most memory that was in use at once, as far as somebody looked, garbage among it, in bytes.</param>
/// <param name="Steps">The steps its budget was charged.</param>
/// <param name="Charged">The memory its budget was charged at once, in bytes.</param>
/// <param name="Analysis">What it found.</param>
internal sealed record Cost(TimeSpan Time, long Allocated, long Live, long Steps, long Charged, PageAnalysis Analysis)
{
    // As often as a page may be looked at without being slowed down.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(2);

    /// <summary>Analyses a page for both screens, on a thread of its own.</summary>
    /// <param name="page">The page.</param>
    /// <param name="isAlone">Whether nothing else runs in the process, so that all it does is the analysis.</param>
    public static Cost Of(HostilePage page, bool isAlone = false)
    {
        var (html, site, analyzer) = (Encoding.UTF8.GetBytes(page.Html()), page.Site(), new PageAnalyzer());
        Cost? cost = null;
        Exception? error = null;
        var before = isAlone ? GC.GetTotalMemory(forceFullCollection: true) : 0;
        var process = Process.GetCurrentProcess();
        var thread = new Thread(() =>
        {
            try
            {
                var (time, allocated) = (Now(), isAlone ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread());
                var analysis = analyzer.AnalyzeAsync(html, new("https://site.test/"), "utf-8", site).AsTask().GetAwaiter().GetResult();
                allocated = (isAlone ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread()) - allocated;
                cost = new(Now() - time, allocated, 0, analyzer.LastBudget!.Steps, analyzer.LastBudget.MostBytes, analysis);
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        var live = 0L;
        while (!thread.Join(isAlone ? Every : Timeout.InfiniteTimeSpan))
        {
            live = Math.Max(live, GC.GetTotalMemory(forceFullCollection: false) - before);
        }

        return error is null ? cost! with { Live = live } : throw new InvalidOperationException(string.Join('\n', page.Genes), error);

        TimeSpan Now()
        {
            process.Refresh();
            return isAlone ? process.TotalProcessorTime : ProcessorTime.OfThread();
        }
    }
}
