using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>What <c>views</c> prints: a line a second, and a table at the end.</summary>
internal sealed class ViewsConsole
{
    private long _started;
    private long _finished;
    private long _failed;

    /// <summary>Tells of a second that is over.</summary>
    public void Tell(TimelinePoint second)
    {
        (_started, _finished, _failed) = (_started + second.Started, _finished + second.Finished, _failed + second.Failed);
        var half = string.Join(" / ", second.Times.Values.Select(static t => t.Complete.Count == 0 ? "–" : Words.Figure(t.Complete.P50)));
        var server = second.CpuPercent is { } cpu ? $"  CPU {Words.Figure(cpu)} %  {Words.Figure(second.MemoryMiB ?? 0)} MiB" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{second.Seconds,5:F0} s  started {_started}  finished {_finished}  failed {_failed}  under way {second.UnderWay}  "
            + $"complete p50 {half} ms{server}"));
    }

    /// <summary>Tells what it all came to.</summary>
    public static void Summarize(ViewsReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"{"milliseconds until",-42} {"views",7} {"p50",8} {"p90",8} {"p99",8} {"max",8}");
        foreach (var (protocol, result) in report.Runs)
        {
            foreach (var (who, times) in new[] { ("first visit", result.First), ("returning", result.Returning) })
            {
                Row($"{Words.Of(protocol)}, {who}, first byte", times.FirstByte);
                Row($"{Words.Of(protocol)}, {who}, display", times.Display);
                Row($"{Words.Of(protocol)}, {who}, complete", times.Complete);
            }
        }

        long Sum(Func<VisitCounts, long> figure) => report.Total(figure);
        Console.WriteLine();
        Line(
            "views",
            $"{Sum(static c => c.Views.Started)} started, {Sum(static c => c.Views.Finished)} finished, "
            + $"{Sum(static c => c.Views.Failed)} failed, {Sum(static c => c.Views.Cancelled)} broken off, "
            + $"{Sum(static c => c.Views.Late)} late");
        Line(
            "requests",
            $"{Sum(static c => c.Requests.Sent)} sent, {Sum(static c => c.Requests.NotModified)} answered 304, "
            + $"{Sum(static c => c.Requests.FromCache)} more out of caches");
        Line(
            "pushes",
            $"{Sum(static c => c.Pushes.Promised)} promised, {Sum(static c => c.Pushes.Used)} used, "
            + $"{Sum(static c => c.Pushes.Cancelled)} were cached, {Sum(static c => c.Pushes.Unused)} unused");
        Line(
            "103",
            $"{Sum(static c => c.EarlyHints.Responses)} responses, {Sum(static c => c.EarlyHints.Resources)} resources, "
            + $"{Sum(static c => c.EarlyHints.Used)} used, {Sum(static c => c.EarlyHints.Cached)} were cached, "
            + $"{Sum(static c => c.EarlyHints.Unused)} unused");
        if (report.Server is { } server)
        {
            Line(
                "server",
                $"{Words.Figure(server.CpuSeconds)} s of CPU, {Words.Figure(server.CpuMillisecondsPerView)} ms a view, at most "
                + $"{Words.Figure(server.PeakMemoryMiB)} MiB");
        }

        foreach (var error in report.Runs.SelectMany(static r => r.Result.Samples).DistinctBy(static e => (e.Kind, e.Url, e.What)).Take(5))
        {
            Line(error.Kind, $"{error.Url}: {error.What}");
        }

        Console.WriteLine();
        Console.WriteLine(report.Verdict);
        foreach (var remark in report.Remarks)
        {
            Console.WriteLine(remark);
        }
    }

    private static void Row(string name, Latency times)
    {
        if (times.Count > 0)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-42} {times.Count,7} {times.P50,8:F1} {times.P90,8:F1} {times.P99,8:F1} {times.Max,8:F1}"));
        }
    }

    private static void Line(string name, string text) => Console.WriteLine($"{name,-10} {text}");
}
