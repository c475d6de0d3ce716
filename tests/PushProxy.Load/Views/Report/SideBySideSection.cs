namespace PushProxy.Load.Views.Report;

/// <summary>How long pages took and what they cost, with delivery and with delivery off beside it.</summary>
internal static class SideBySideSection
{
    /// <summary>All pages together.</summary>
    public static string Whole(ViewsReport report)
    {
        var table = report.Site.Ended + (report.Off?.Ended ?? 0) == 0
            ? "<p>No page view finished.</p>"
            : Table(report, report.SideBySide.Whole);
        var beside = report.Off is null
            ? ""
            : "<p>The same visitors saw the site twice: with delivery, and by a second PushProxy with delivery off (policy "
                + "<code>Delivery=off</code>) before the same origin. Their views began in turn. Below zero, delivery saves time, requests "
                + "or bytes. Differences may be chance: give <code>--set PushProxy:Defaults:Delivery=off</code> to see how much two sites "
                + "differ that are the same.</p>";
        return $"""
            {beside}
            <p>Times are from the moment a page view was due, with the time to open a connection where one was opened. “Half” is the
            median: one half of the views took no longer. Only views that finished without an error are counted, their number is in
            brackets. Returning visitors have the site's cookies, and in their cache what may be kept of it.</p>
            <ul class="words">
            <li><b>First byte</b>: the page's answer began to arrive.</li>
            <li><b>Display</b>: the page's head was there, and the last of the stylesheets and scripts that hold its display back.</li>
            <li><b>Complete</b>: everything was there, images too.</li>
            <li><b>Requests a view</b>, <b>received a view</b>: what the visitor asked for, and bytes of bodies, pushes it took
            included.</li>
            <li><b>{Html.Text(ComparedFigure.None)}</b>{Html.Text(Words.Dashes[1..])}</li>
            </ul>
            {table}
            """;
    }

    /// <summary>Each page by itself.</summary>
    public static string Pages(ViewsReport report) => string.Concat(report.SideBySide.Pages.Select((page, i) =>
    {
        var table = page.Groups.Count == 0 ? "<p>No view of it finished without an error.</p>" : Table(report, page.Groups);
        return $"<details{(i == 0 ? " open" : "")}><summary><code>{Html.Text(page.Page)}</code></summary>{table}</details>";
    }));

    private static string Table(ViewsReport report, IReadOnlyList<FigureGroup> groups)
    {
        var both = report.Off is not null;
        return Html.Table(
            both ? ["", "delivery", "off", "difference"] : ["", ""],
            groups.SelectMany(g => g.Figures.Where(static f => f is not { Delivery: null, Off: null })
                .Select(f => Row(f, both)).Prepend(Heading(g))));
    }

    private static IReadOnlyList<string> Heading(FigureGroup group)
    {
        var views = group.OffViews is { } off ? $"{Words.Count(group.Views)} and {Words.Count(off)}" : Words.Count(group.Views);
        return [$"{Html.Text(group.Name)} <span class=\"faint\">({views} views)</span>"];
    }

    private static IReadOnlyList<string> Row(ComparedFigure figure, bool both)
    {
        var (name, delivery) = (Html.Text(figure.Name), Html.Text(figure.Text(figure.Delivery)));
        var difference = $"{Html.Text(figure.DifferenceText())}<small>{Html.Text(figure.ChangeText())}</small>";
        return both ? [name, delivery, Html.Text(figure.Text(figure.Off)), difference] : [name, delivery];
    }
}
