using System.Globalization;
using System.Text;

namespace PushProxy.Load.Views.Report;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Colour">A class of <c>report.css</c>: c1 to c3, or c4 for what is bad.</param>
/// <param name="Values">One for each moment; null where there is none.</param>
internal sealed record Series(string Name, string Colour, IReadOnlyList<double?> Values);

/// <summary>What an axis shows.</summary>
internal enum AxisUnit
{
    /// <summary>Anything in between is possible: time, memory, processor time.</summary>
    Measured,

    /// <summary>Whole numbers only: views, pushes, resources.</summary>
    Counted,
}

/// <summary>A line chart over time, as inline SVG that needs no script.</summary>
internal static class LineChart
{
    // In units of the view box; the page scales it.
    private const double Width = 480;
    private const double Height = 200;
    private const double Left = 52;
    private const double Right = 14;
    private const double Top = 10;
    private const double Bottom = 26;
    private const int MostMoments = 240;

    /// <summary>Draws it, with its title, a remark under it and a legend.</summary>
    /// <param name="title">What is shown, in what unit.</param>
    /// <param name="remark">What to know about it.</param>
    /// <param name="seconds">The moments.</param>
    /// <param name="unit">Whether what is shown is counted: no tick stands between whole numbers then.</param>
    /// <param name="series">The lines.</param>
    public static string Draw(
        string title, string remark, IReadOnlyList<double> seconds, AxisUnit unit, params IReadOnlyList<Series> series)
    {
        var step = Math.Max(1, (int)Math.Ceiling(seconds.Count / (double)MostMoments));
        var moments = Every(seconds.Select(static s => (double?)s).ToList(), step).Select(static s => s!.Value).ToList();
        var lines = series.Select(s => s with { Values = Every(s.Values, step) }).ToList();
        var axis = new Axis(lines.SelectMany(static l => l.Values).Max() ?? 0, 5, unit == AxisUnit.Counted);
        var top = axis.End;
        var end = Math.Max(1, moments.Count > 0 ? moments[^1] : 1);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Text(title)}\">");
        Axes(svg, axis, end);
        foreach (var line in lines)
        {
            Line(svg, line, moments, top, end);
        }

        Moments(svg, lines, moments, end);
        svg.Append("</svg>");
        var legend = string.Concat(lines.Select(static l =>
        {
            var figures = l.Values.Average() is { } mean
                ? $" <span class=\"faint\">mean {Words.Figure(mean)}, most {Words.Figure(l.Values.Max() ?? 0)}</span>"
                : "";
            return $"<li><i class=\"{l.Colour}\"></i>{Html.Text(l.Name)}{figures}</li>";
        }));
        return $"<figure class=\"card\"><figcaption>{Html.Text(title)}<small>{Html.Text(remark)}</small></figcaption>{svg}<ul "
            + $"class=\"legend\">{legend}</ul></figure>";
    }

    private static void Axes(StringBuilder svg, Axis axis, double end)
    {
        foreach (var tick in axis.Ticks)
        {
            var y = Y(tick, axis.End);
            svg.Append(
                CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/>");
            svg.Append(
                CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{axis.Label(tick)}</text>");
        }

        // A moment is a second, so there is nothing between two of them either.
        var (unit, name) = end > 300 ? (60.0, "min") : (1.0, "s");
        var time = new Axis(end / unit, 6, whole: true);
        var shown = time.Ticks.Where(t => t * unit <= end * 1.0001).ToList();
        foreach (var tick in shown)
        {
            var x = X(tick * unit, end);
            var anchor = x > Width - Right - 20 ? "end" : "middle";
            var label = tick == shown[^1] ? $"{time.Label(tick)} {name}" : time.Label(tick);
            svg.Append(
                CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{Height - 6}\" text-anchor=\"{anchor}\">{label}</text>");
        }
    }

    private static void Line(StringBuilder svg, Series line, List<double> moments, double top, double end)
    {
        var open = false;
        var path = new StringBuilder();
        for (var i = 0; i < moments.Count; i++)
        {
            if (line.Values[i] is not { } value)
            {
                open = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(open ? 'L' : 'M')}{X(moments[i], end):F1} {Y(value, top):F1}");
            // A line of one point would not be seen.
            path.Append(open || (i + 1 < moments.Count && line.Values[i + 1] is not null) ? "" : "h2");
            open = true;
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"series {line.Colour}\" d=\"{path}\"/>");
    }

    /// <summary>What a mouse that rests on a moment is told.</summary>
    private static void Moments(StringBuilder svg, List<Series> lines, List<double> moments, double end)
    {
        for (var i = 0; i < moments.Count; i++)
        {
            var from = X(i > 0 ? moments[i - 1] : 0, end);
            var values = string.Join(
                ", ", lines.Where(l => l.Values[i] is not null).Select(l => $"{l.Name} {Words.Figure(l.Values[i]!.Value)}"));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"hit\" x=\"{from:F1}\" y=\"{Top}\" width=\"{Math.Max(0, X(moments[i], end) - from):F1}\" "
                + $"height=\"{Height - Top - Bottom}\"><title>{Words.Count(moments[i])} s: {Html.Text(values)}</title></rect>");
        }
    }

    private static double X(double seconds, double end) => Left + ((Width - Left - Right) * Math.Min(seconds, end) / end);

    private static double Y(double value, double top) => Height - Bottom - ((Height - Top - Bottom) * value / top);

    /// <summary>Fewer moments where there are too many to draw: the mean of each few.</summary>
    private static List<double?> Every(IReadOnlyList<double?> values, int step) => [.. values.Chunk(step).Select(static c => c.Average())];
}
