using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>What <c>views</c> prints: a line a second, and a table at the end.</summary>
/// <param name="name">What precedes a site's seconds.</param>
internal sealed class ViewsConsole(string name)
{
    private long _started;
    private long _finished;
    private long _failed;

    /// <summary>Tells of a second that is over.</summary>
    public void Tell(TimelinePoint second)
    {
        (_started, _finished, _failed) = (_started + second.Started, _finished + second.Finished, _failed + second.Failed);
        var half = string.Join(" / ", second.Times.Values.Select(static t => Words.Figure(t.Complete.P50)));
        var server = second.CpuPercent is { } cpu ? $"  CPU {Words.Figure(cpu)} %  {Words.Figure(second.MemoryMiB ?? 0)} MiB" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{second.Seconds,5:F0} s  {name}started {_started}  finished {_finished}  failed {_failed}  under way {second.UnderWay}  "
            + $"complete p50 {half} ms{server}"));
    }

    /// <summary>Tells what it all came to.</summary>
    public static void Summarize(ViewsReport report)
    {
        Console.WriteLine();
        SideBySideConsole.Write(report);
        long Sum(Func<VisitCounts, long> figure) => report.Site.Total(figure);
        Console.WriteLine();
        if (report.Off is not null)
        {
            Console.WriteLine("with delivery:");
        }

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
        if (report.Site.Server is { } server)
        {
            Line(
                "server",
                $"{Words.Figure(server.CpuSeconds)} s of CPU, {Words.Figure(server.CpuMillisecondsPerView)} ms a view, at most "
                + $"{Words.Figure(server.PeakMemoryMiB)} MiB");
        }

        foreach (var error in report.Site.Runs.Concat(report.Off?.Runs ?? []).SelectMany(static r => r.Result.Samples).DistinctBy(static e => (e.Kind, e.Url, e.What)).Take(5))
        {
            Line(error.Kind, $"{error.Url}: {error.What}");
        }

        Console.WriteLine();
        Console.WriteLine($"{Verdict.Title(report.Outcome)}: {report.Verdict}");
        foreach (var remark in report.Remarks)
        {
            Console.WriteLine(remark);
        }
    }

    private static void Line(string name, string text) => Console.WriteLine($"{name,-10} {text}");
}
