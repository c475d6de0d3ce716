using System.Globalization;
using System.Xml.Linq;
using PushProxy.Load.Peers;
using static System.FormattableString;

namespace PushProxy.Load.PageLoad;

/// <summary>
/// Draws page loads as SVG: one row for each target on a time axis, with the medians of first byte, FCP and LCP as marks and as numbers.
/// The marks differ in shape, so the picture can be read without colour. It follows the reader's light or dark colour scheme and loads
/// nothing.
/// </summary>
internal static class PageLoadPicture
{
    // In units of the view box. A web page scales the picture to its own width.
    private const double Width = 860;
    private const double Margin = 20;
    private const double AxisLeft = 190;
    private const double AxisRight = 610;
    private const double FirstColumn = 690;
    private const double ColumnWidth = 75;
    private const double RowHeight = 38;
    private const double LineHeight = 19;
    private const int MostTicks = 7;

    private const string Style = """
        svg { --paper: #ffffff; --ink: #1f2328; --quiet: #57606a; --grid: #d8dee4; --strong: #0550ae; }
        @media (prefers-color-scheme: dark) {
          svg { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --grid: #30363d; --strong: #79c0ff; }
        }
        text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
        .heading { font-size: 17px; font-weight: 600; }
        .mode { font-weight: 600; }
        .quiet { font-size: 13px; fill: var(--quiet); }
        .number { text-anchor: end; font-variant-numeric: tabular-nums; }
        .tick { text-anchor: middle; }
        .paper { fill: var(--paper); }
        .grid { stroke: var(--grid); }
        .row { fill: none; stroke: var(--ink); stroke-width: 1.5; }
        .mark { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
        .row .blank { fill: none; }
        .row .shown { fill: var(--ink); }
        .mark.solid { fill: var(--ink); }
        .own, .own text { font-weight: 700; fill: var(--strong); }
        .own .row, .own .mark { stroke: var(--strong); }
        .own .mark.solid, .own .row .shown { fill: var(--strong); }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly (string Title, Func<LoadSummary, Figure> Of, Func<double, double, XElement> Mark, double Centre)[] Moments =
    [
        ("first byte", static s => s.FirstByte, Bar, 0),
        ("FCP", static s => s.FirstContentfulPaint, Above, -8),
        ("LCP", static s => s.LargestContentfulPaint, Below, 8),
    ];

    /// <summary>Writes the picture of a report, and the folder for it if there is none yet.</summary>
    public static Task WriteAsync(PageLoadReport report, FileInfo file, CancellationToken cancellation)
    {
        file.Directory?.Create();
        return File.WriteAllTextAsync(file.FullName, $"{Draw(report)}\n", cancellation);
    }

    /// <summary>Draws a report.</summary>
    public static XDocument Draw(PageLoadReport report)
    {
        var content = new List<XElement>();
        var top = Margin + 14;
        content.Add(Text(Margin, top, "heading", "Time until the page is displayed, in milliseconds (shorter is better)"));
        foreach (var line in Conditions(report))
        {
            content.Add(Text(Margin, top += LineHeight + 2, "quiet", line));
        }

        foreach (var mode in report.Summaries.GroupBy(static s => s.Mode))
        {
            content.AddRange(Panel(mode.Key, [.. mode], top += LineHeight * 1.8, out top));
        }

        top += LineHeight / 2;
        foreach (var line in Explanations)
        {
            content.Add(Text(Margin, top += LineHeight, "quiet", line));
        }

        var height = top + Margin;
        return new XDocument(new XElement(
            Svg + "svg",
            new XAttribute("viewBox", Invariant($"0 0 {Width} {height:0.#}")), Number("width", Width), Number("height", height),
            new XAttribute("role", "img"), new XAttribute("aria-labelledby", "title description"),
            new XElement(Svg + "title", new XAttribute("id", "title"), "Time until the page is displayed, by server"),
            new XElement(Svg + "desc", new XAttribute("id", "description"), string.Join(" ", report.Summaries.Select(Sentence))),
            new XElement(Svg + "style", Style),
            new XElement(Svg + "rect", new XAttribute("class", "paper"), new XAttribute("width", "100%"), new XAttribute("height", "100%")),
            content));
    }

    private static string[] Explanations =>
    [
        "First byte: the page's own response begins. FCP: the browser displays the first text or image. LCP: it displays the largest one.",
        "Thin line: the browser waits. Open bar: bytes arrive, the screen is blank. Solid bar: the page is partly displayed.",
    ];

    private static string[] Conditions(PageLoadReport report) =>
    [
        Invariant($"{report.Browser.Replace('/', ' ')}, {report.Date:yyyy-MM-dd}; median of {report.Runs} loads of each server"),
        Invariant($"Round trip {report.RoundTrip:0.#} ms, {report.Down:0.#} Mbit/s down, {report.Up:0.#} up; ")
        + Invariant($"the origin thinks {report.Think} ms before it sends the page"),
    ];

    private static List<XElement> Panel(string mode, IReadOnlyList<LoadSummary> rows, double top, out double bottom)
    {
        var content = new List<XElement> { Text(Margin, top, "mode", mode == PageLoader.Warm ? "Cached" : "First visit") };
        for (var i = 0; i < Moments.Length; i++)
        {
            var right = FirstColumn + (i * ColumnWidth);
            // The table's heading is the legend of the marks.
            content.Add(Text(right - 16, top, "number quiet", Moments[i].Title));
            content.Add(Moments[i].Mark(right - 6, top - 5 - Moments[i].Centre));
        }

        var (step, end) = Axis(rows.Max(static r => r.LargestContentfulPaint.Median));
        var (first, last) = (top + 12, top + 12 + (rows.Count * RowHeight));
        for (var tick = 0d; tick <= end; tick += step)
        {
            content.Add(Line("grid", X(tick), first, last));
            content.Add(Text(X(tick), last + 16, "tick quiet", Number(tick)));
        }

        content.AddRange(rows.Select((r, i) => Row(r, first + ((i + 0.5) * RowHeight))));
        bottom = last + 16;
        return content;

        double X(double time) => AxisLeft + (time / end * (AxisRight - AxisLeft));

        XElement Row(LoadSummary summary, double middle)
        {
            var times = Moments.Select(m => X(m.Of(summary).Median)).ToList();
            var line = new XElement(
                Svg + "g", new XAttribute("class", "row"),
                new XElement(Svg + "path", new XAttribute("d", Invariant($"M{X(0):0.#} {middle:0.#}H{times[0]:0.#}"))),
                Box("blank", times[0], times[1], middle), Box("shown", times[1], times[2], middle));
            return new XElement(
                Svg + "g", summary.Target == "pushproxy" ? new XAttribute("class", "own") : null,
                Text(Margin, middle + 5, null, summary.Title), line,
                Moments.Select((m, i) => m.Mark(times[i], middle)),
                Moments.Select((m, i) => Text(FirstColumn + (i * ColumnWidth), middle + 5, "number", Number(m.Of(summary).Median))));
        }
    }

    /// <summary>A step of 1, 2 or 5 times a power of ten, in whole milliseconds.</summary>
    /// <returns>It, and its first multiple that is not below <paramref name="most"/>.</returns>
    private static (double Step, double End) Axis(double most)
    {
        var power = Math.Max(1, Math.Pow(10, Math.Floor(Math.Log10(most / MostTicks))));
        var step = new[] { 1, 2, 5, 10 }.Select(n => n * power).First(s => most / s <= MostTicks);
        return (step, Math.Max(1, Math.Ceiling(most / step)) * step);
    }

    private static string Sentence(LoadSummary summary) =>
        $"{summary.Title}, {(summary.Mode == PageLoader.Warm ? "cached" : "first visit")}: "
        + $"{string.Join(", ", Moments.Select(m => $"{m.Title} {Number(m.Of(summary).Median)} ms"))}.";

    private static XElement Text(double x, double y, string? kind, string text) =>
        new(Svg + "text", Number("x", x), Number("y", y), kind is null ? null : new XAttribute("class", kind), text);

    private static XElement Line(string kind, double x, double top, double bottom) =>
        new(Svg + "path", new XAttribute("class", kind), new XAttribute("d", Invariant($"M{x:0.#} {top:0.#}V{bottom:0.#}")));

    // Pushes can make the page's first paint come before its last byte, and old browsers round: no box has a negative width.
    private static XElement Box(string kind, double from, double to, double middle) => new(
        Svg + "rect", new XAttribute("class", kind),
        Number("x", from), Number("y", middle - 3), Number("width", Math.Max(0, to - from)), Number("height", 6));

    private static XElement Bar(double x, double y) =>
        new(Svg + "path", new XAttribute("class", "mark"), new XAttribute("d", Invariant($"M{x:0.#} {y - 8:0.#}V{y + 8:0.#}")));

    // FCP and LCP are often the same. One stands above the bar and one below, so that neither hides the other.
    private static XElement Above(double x, double y) =>
        new(Svg + "path", new XAttribute("class", "mark"), new XAttribute("d", Invariant($"M{x:0.#} {y - 3:0.#}l-5.5 -10h11z")));

    private static XElement Below(double x, double y) =>
        new(Svg + "path", new XAttribute("class", "mark solid"), new XAttribute("d", Invariant($"M{x:0.#} {y + 3:0.#}l-5.5 10h11z")));

    private static XAttribute Number(string name, double value) => new(name, Invariant($"{value:0.#}"));

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
