using System.Globalization;
using PushProxy.Load.Site;
using PushProxy.Load.Views.Report;

namespace PushProxy.Load.Views;

/// <summary>One run of <c>views</c>: start what is to be visited, look whether it can be, warm up, visit, report.</summary>
internal static class ViewsRun
{
    // Time for all visitors' processes to start, so that they begin together.
    private static readonly TimeSpan Preparation = TimeSpan.FromSeconds(1.5);

    /// <returns>The exit code: 0 if every view was begun when due and none failed, 2 if they were too few to say so, else 1.</returns>
    public static async Task<int> RunAsync(ViewsOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var site = await TestedSite.StartAsync(options);
            Console.WriteLine($"Visiting {site.Url}{(options.Url is null ? ", PushProxy before an origin, both started here" : "")}");
            if (site.Off is { } off)
            {
                Console.WriteLine($"and in turn {off.Url}, PushProxy with delivery off before the same origin");
            }

            var report = await VisitAsync(options, site, cancellation);
            await WriteAsync(report, options.Folder, cancellation);
            return Verdict.ExitCode(report.Outcome);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted: no report was written.");
            return 1;
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<ViewsReport> VisitAsync(ViewsOptions options, TestedSite site, CancellationToken cancellation)
    {
        TestedSite[] sites = site.Off is { } second ? [site, second] : [site];
        var plans = sites.SelectMany(s => options.Protocols.Select(p => Plan(options, s, p))).ToList();
        foreach (var plan in plans)
        {
            await LookAsync(plan, cancellation);
        }

        if (options.WarmUp > 0)
        {
            Console.WriteLine($"Warming up for {options.WarmUp} s …");
            await Task.WhenAll(plans.Select(p => Visitors.RunAsync(
                p with { Duration = TimeSpan.FromSeconds(options.WarmUp), Seed = p.Seed + 1000 }, null, cancellation)));
        }

        var date = DateTimeOffset.Now;
        var start = DateTimeOffset.UtcNow + Preparation;
        var turn = Turn(options.Rate, options.Protocols.Count);
        var results = await Task.WhenAll(sites.Select((s, i) => VisitAsync(
            options, s, start + (i * turn), new ViewsConsole(i == 0 ? "" : "off: "), cancellation)));
        var (delivery, off) = (results[0], results.ElementAtOrDefault(1));
        var (outcome, verdict) = Verdict.Of(delivery, off);
        return new ViewsReport
        {
            Outcome = outcome,
            Verdict = verdict,
            Remarks = [.. Verdict.Remarks(delivery, off)],
            Command = "dotnet run -c Release --project tests/PushProxy.Load -- " + string.Join(
                ' ', Environment.GetCommandLineArgs().Skip(1)),
            Date = date,
            Machine = Machine.Current(),
            Pages = site.Pages.Count > 0 ? site.Pages : [site.Url.PathAndQuery],
            Options = options,
            Site = delivery,
            Off = off,
        };
    }

    /// <summary>
    /// How much later views of the second site begin: halfway between those of the first, so that whatever drifts on this machine hits both.
    /// Without a rate, both are visited all the time.
    /// </summary>
    internal static TimeSpan Turn(double rate, int protocols) =>
        rate > 0 ? TimeSpan.FromSeconds(protocols / rate / 2) : TimeSpan.Zero;

    private static async Task<SiteResult> VisitAsync(
        ViewsOptions options, TestedSite site, DateTimeOffset start, ViewsConsole console, CancellationToken cancellation)
    {
        var before = site.Metrics is null ? null : await ReadMetricsAsync(site.Metrics, cancellation);
        var originBefore = site.OriginCounts is null ? null : await OriginCounts.ReadAsync(site.OriginCounts, cancellation);
        var watch = new ProcessWatch(site.Processes);
        var timeline = new Timeline(options.Protocols, watch, console.Tell);
        var runs = await Task.WhenAll(options.Protocols.Select(async protocol =>
        {
            var result = await Visitors.RunAsync(
                Plan(options, site, protocol) with { Start = start }, timeline.Of(protocol), cancellation);
            timeline.End(protocol);
            return new ProtocolRun(protocol, result);
        }));
        var ended = site.Processes.Count > 0 && watch.Sample() is null;
        var after = before is null || ended ? null : await ReadMetricsAsync(site.Metrics!, cancellation);
        var originAfter = originBefore is null ? null : await OriginCounts.ReadAsync(site.OriginCounts!, cancellation);
        var views = runs.Sum(static r => r.Result.Counts.Views.Finished + r.Result.Counts.Views.Failed);
        return new SiteResult
        {
            Url = site.Url,
            Runs = runs,
            Server = site.Processes.Count == 0
                ? null
                : new ServerCost(watch.CpuSeconds, views == 0 ? 0 : 1000 * watch.CpuSeconds / views, watch.PeakMemory),
            ProxyCounters = after is null ? [] : ProxyCounters.Between(before!, after),
            Origin = originAfter is null ? null : originAfter - originBefore!,
            Timeline = timeline.Points,
            ServerEnded = ended,
        };
    }

    /// <summary>A few views one by one: of a site that does not answer at all, nothing is worth reporting.</summary>
    private static async Task LookAsync(VisitPlan plan, CancellationToken cancellation)
    {
        var look = plan with
        {
            Rate = null,
            Duration = null,
            Views = Math.Max(1, plan.Pages.Count),
            Concurrency = 1,
            Cancelled = 0,
            Returning = 0,
        };
        var result = await Visitors.RunAsync(look, null, cancellation);
        if (result.Counts.Requests.Answered == 0)
        {
            var why = result.Samples is [var error, ..] ? $"{error.What} ({error.Kind})" : "no page was asked for";
            var advice = why.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                ? " Give its certificate with --cert, or --insecure."
                : "";
            throw new InvalidOperationException($"{plan.Url} can't be visited with {Words.Of(plan.Protocol)}: {why}.{advice}");
        }
    }

    private static VisitPlan Plan(ViewsOptions options, TestedSite site, VisitProtocol protocol) => new()
    {
        Url = site.Url,
        Pages = site.Pages,
        Protocol = protocol,
        Rate = options.Rate > 0 ? options.Rate / options.Protocols.Count : null,
        Concurrency = Math.Max(1, options.Concurrency / options.Protocols.Count),
        Duration = TimeSpan.FromSeconds(options.Seconds),
        Returning = options.Returning,
        Cancelled = options.Cancelled,
        Certificate = site.Certificate,
        Insecure = options.Insecure,
        Seed = options.Seed + (int)protocol,
        Timeout = TimeSpan.FromSeconds(options.Timeout),
    };

    private static async Task<IReadOnlyDictionary<(string Name, string Label), double>> ReadMetricsAsync(
        Uri metrics, CancellationToken cancellation)
    {
        try
        {
            return await ProxyCounters.ReadAsync(metrics, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"{metrics} does not tell what was counted: {e.Message}", e);
        }
    }

    private static async Task WriteAsync(ViewsReport report, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), report.ToJson(), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), ReportPage.Of(report), cancellation);
        ViewsConsole.Summarize(report);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Report: {Path.Combine(folder, "report.html")} (and report.json)"));
    }
}
