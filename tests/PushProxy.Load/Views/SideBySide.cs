namespace PushProxy.Load.Views;

/// <summary>A run's figures with delivery, and beside each the same with delivery off: as a whole and by page.</summary>
/// <param name="Whole">Of all pages, by protocol and by whether the visitor had been there; last, what the site took in all.</param>
/// <param name="Pages">Of each page.</param>
internal sealed record SideBySide(IReadOnlyList<FigureGroup> Whole, IReadOnlyList<PageFigures> Pages)
{
    /// <summary>The figure that tells most.</summary>
    public const string Display = "Display, half";

    private static readonly (string Name, Func<ViewLatencies, double?> Of)[] Times =
    [
        ("First byte, half", static t => t.FirstByte.P50),
        (Display, static t => t.Display.P50),
        ("Display, 9 of 10", static t => t.Display.P90),
        ("Display, 99 of 100", static t => t.Display.P99),
        ("Complete, half", static t => t.Complete.P50),
        ("Complete, 9 of 10", static t => t.Complete.P90),
        ("Complete, 99 of 100", static t => t.Complete.P99),
        ("Complete, longest", static t => t.Complete.Count > 0 ? t.Complete.Max : null),
    ];

    /// <summary>Puts them together.</summary>
    /// <param name="pages">The pages viewed, in the order of the plan.</param>
    /// <param name="site">With delivery.</param>
    /// <param name="off">With delivery off; null: that column is empty.</param>
    public static SideBySide Of(IReadOnlyList<string> pages, SiteResult site, SiteResult? off) => new(
        [.. Groups(site, off, AllPages), InAll(site, off)],
        [.. pages.Select((page, i) => new PageFigures(page, [.. Groups(site, off, (result, first) => OnePage(result, i, first))]))]);

    private static IEnumerable<FigureGroup> Groups(SiteResult site, SiteResult? off, Func<VisitResult, bool, PageVisits> of)
    {
        foreach (var (protocol, result) in site.Runs)
        {
            var beside = off?.Runs.First(r => r.Protocol == protocol).Result;
            foreach (var first in new[] { true, false })
            {
                var (with, without) = (of(result, first), beside is null ? null : of(beside, first));
                if (with.Finished > 0 || without is { Finished: > 0 })
                {
                    var who = first ? "first visits" : "returning visitors";
                    yield return new($"{Words.Of(protocol)}, {who}", with.Finished, without?.Finished, [.. Figures(with, without)]);
                }
            }
        }
    }

    private static IEnumerable<ComparedFigure> Figures(PageVisits with, PageVisits? without)
    {
        foreach (var (name, of) in Times)
        {
            var figure = new ComparedFigure(name, FigureUnit.Milliseconds, of(with.Times), without is null ? null : of(without.Times));
            // Where neither has views enough, there is nothing to put side by side.
            if (figure is not { Delivery: null, Off: null })
            {
                yield return figure;
            }
        }

        yield return new(
            "Requests a view", FigureUnit.Number, Each(with.Requests, with.Finished), Each(without?.Requests, without?.Finished));
        yield return new("Received a view", FigureUnit.Bytes, Each(with.Bytes, with.Finished), Each(without?.Bytes, without?.Finished));
    }

    private static PageVisits OnePage(VisitResult result, int page, bool first) =>
        result.Pages.Count <= page ? new() : first ? result.Pages[page].First : result.Pages[page].Returning;

    private static PageVisits AllPages(VisitResult result, bool first)
    {
        var times = first ? result.First : result.Returning;
        var visits = result.Pages.Select(p => first ? p.First : p.Returning).ToList();
        return new()
        {
            Finished = times.Complete.Count,
            Requests = visits.Sum(static v => v.Requests),
            Bytes = visits.Sum(static v => v.Bytes),
            Times = times,
        };
    }

    private static FigureGroup InAll(SiteResult site, SiteResult? off)
    {
        ComparedFigure Figure(string name, FigureUnit unit, Func<SiteResult, double?> of) =>
            new(name, unit, of(site), off is null ? null : of(off));
        return new("All visitors", site.Ended, off?.Ended,
        [
            Figure("Views finished", FigureUnit.Number, static s => s.Total(static c => c.Views.Finished)),
            Figure("Views failed", FigureUnit.Number, static s => s.Total(static c => c.Views.Failed)),
            Figure("Requests sent a view", FigureUnit.Number, static s => Each(s.Total(static c => c.Requests.Sent), s.Ended)),
            Figure(
                "Received a view, pushes included",
                FigureUnit.Bytes,
                static s => Each(s.Total(static c => c.Requests.Bytes + c.Pushes.UsedBytes + c.Pushes.WastedBytes), s.Ended)),
            Figure("Requests at the origin a view", FigureUnit.Number, static s => Each(s.Origin?.Requests, s.Ended)),
            Figure("… of them the proxy's own, to learn", FigureUnit.Number, static s => Each(s.Origin?.Learning, s.Ended)),
            Figure("Processor time of the server a view", FigureUnit.Milliseconds, static s => s.Server?.CpuMillisecondsPerView),
            Figure("Most memory of the server", FigureUnit.Mebibytes, static s => s.Server?.PeakMemoryMiB),
        ]);
    }

    private static double? Each(long? sum, long? views) => sum is { } of && views is > 0 and { } by ? (double)of / by : null;
}

/// <summary>A page's figures.</summary>
/// <param name="Page">The page, as it was named.</param>
/// <param name="Groups">By protocol and by whether the visitor had been there.</param>
internal sealed record PageFigures(string Page, IReadOnlyList<FigureGroup> Groups);

/// <summary>Figures of the same views.</summary>
/// <param name="Name">Whose views.</param>
/// <param name="Views">How many they are, with delivery.</param>
/// <param name="OffViews">How many with delivery off; null if there is no such column.</param>
/// <param name="Figures">The figures.</param>
internal sealed record FigureGroup(string Name, long Views, long? OffViews, IReadOnlyList<ComparedFigure> Figures);
