namespace PushProxy.Load.Views.Report;

/// <summary>How long pages took, by protocol and by whether the visitor had been there.</summary>
internal static class TimesSection
{
    private static readonly (string Name, Func<ViewLatencies, Latency> Of)[] Kinds =
    [
        ("First byte", static t => t.FirstByte),
        ("Display", static t => t.Display),
        ("Complete", static t => t.Complete),
    ];

    public static string Of(ViewsReport report)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (protocol, result) in report.Runs)
        {
            foreach (var (who, times) in new[] { ("first visits", result.First), ("returning visitors", result.Returning) })
            {
                if (times.Complete.Count == 0)
                {
                    continue;
                }

                rows.Add([$"{Html.Text(Words.Of(protocol))}, {who} <span class=\"faint\">({Words.Count(times.Complete.Count)})</span>"]);
                foreach (var (name, of) in Kinds)
                {
                    var time = of(times);
                    rows.Add([name, Words.Figure(time.P50), Words.Figure(time.P90), Words.Figure(time.P99), Words.Figure(time.Max)]);
                }
            }
        }

        var table = rows.Count == 0
            ? "<p>No page view finished without an error.</p>"
            : Html.Table(["", "half", "9 of 10", "99 of 100", "longest"], rows);
        return $"""
            <p>In milliseconds from the moment a page view was due, with the time to open a connection where one was opened. “Half” is the
            median: one half of the views took no longer. Only views that finished without an error are counted, their number is in
            brackets. Returning visitors have the site's cookies, and in their cache what may be kept of it.</p>
            <ul class="words">
            <li><b>First byte</b>: the page's answer began to arrive.</li>
            <li><b>Display</b>: the page's head was there, and with it the stylesheets and scripts that hold its display back.</li>
            <li><b>Complete</b>: everything was there, images too.</li>
            </ul>
            {table}
            """;
    }
}
