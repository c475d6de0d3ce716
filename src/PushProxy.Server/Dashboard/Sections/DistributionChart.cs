using System.Globalization;
using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>
/// Both distributions: how many of the pages are displayed within a time. One line is whole with round marks, the other dashed with square
/// ones, and each has its name at its end. A table says the same.
/// </summary>
internal static class DistributionChart
{
    private const int Width = 560, Height = 282, Left = 64, Right = 36, Top = 48, Bottom = 34;
    private const int Inner = Width - Left - Right, High = Height - Top - Bottom;

    private const int KeyY = 16;

    /// <summary>Percentiles are 5, 10, …, 95.</summary>
    private const int Step = 5, Percentiles = 19;

    private static readonly int[] s_shown = [25, 50, 75, 90, 95];

    public static void Write(Html html, ProofComparison comparison)
    {
        var (with, without) = (comparison.Delivered.Percentiles, comparison.HeldOut.Percentiles);
        if (with.Count != Percentiles || without.Count != Percentiles)
        {
            return;
        }

        var most = Math.Max(with[^1], without[^1]);
        var tick = Tick(most);
        var end = Math.Max(tick, Math.Ceiling(most / tick) * tick);
        html.Add($"""
            <figure><figcaption>How many of the pages are displayed within a time</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="Two curves; the table after them has their values">

            """);
        Key(html, "with PushProxy", "with", Left, isRound: true);
        Key(html, "without", "without", Left + 260, isRound: false);
        for (var percent = 0; percent <= 100; percent += 25)
        {
            html.Add($"""<line class="grid" x1="{Left}" y1="{Y(percent)}" x2="{Width - Right}" y2="{Y(percent)}"/>""");
            if (percent > 0)
            {
                html.Add($"""<text class="axis end" x="{Left - 6}" y="{Y(percent) + 5}">{percent} %</text>""");
            }
        }

        html.Add($"\n");
        for (var time = 0.0; time <= end; time += tick)
        {
            html.Add($"""<text class="axis middle" x="{X(time)}" y="{Height - Bottom + 22}">{Label(time)}</text>""");
        }

        html.Add($"\n");
        Curve(html, "without", without, isRound: false);
        Curve(html, "with", with, isRound: true);
        html.Add($"</svg></figure>\n");
        Table(html, with, without);

        double X(double milliseconds) => Left + (milliseconds / end * Inner);

        void Curve(Html to, string look, IReadOnlyList<double> values, bool isRound)
        {
            to.Add($"<polyline class=\"curve {look}\" points=\"");
            for (var i = 0; i < values.Count; i++)
            {
                to.Add($"{X(values[i])},{Y(Step * (i + 1))} ");
            }

            to.Add($"\"/>\n");
            for (var i = 1; i < values.Count; i += 2)
            {
                Dot(to, look, X(values[i]), Y(Step * (i + 1)), isRound);
            }

            to.Add($"\n");
        }
    }

    // Short enough for a phone.
    private static string Label(double time) =>
        time < 1000 ? Say.Milliseconds(time) : (time / 1000).ToString("0.##", CultureInfo.InvariantCulture) + " s";

    // What a line looks like, and what it is.
    private static void Key(Html html, string name, string look, double x, bool isRound)
    {
        html.Add($"""<polyline class="curve {look}" points="{x},{KeyY} {x + 44},{KeyY}"/>""");
        Dot(html, look, x + 22, KeyY, isRound);
        html.Add($"""<text class="name" x="{x + 54}" y="{KeyY + 6}">{name}</text>""");
    }

    private static void Dot(Html html, string look, double x, double y, bool isRound)
    {
        if (isRound)
        {
            html.Add($"<circle class=\"dot {look}\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>");
        }
        else
        {
            html.Add($"<rect class=\"dot {look}\" x=\"{x - 3.5}\" y=\"{y - 3.5}\" width=\"7\" height=\"7\"/>");
        }
    }

    private static double Y(double percent) => Top + ((100 - percent) / 100 * High);

    private static void Table(Html html, IReadOnlyList<double> with, IReadOnlyList<double> without)
    {
        html.Add($"""
            <div><table class="small"><caption class="hidden">The same as a table</caption>
            <thead><tr><th scope="col">of the pages</th><th scope="col" class="n">with</th><th scope="col"
            class="n">without</th></tr></thead><tbody>

            """);
        foreach (var percent in s_shown)
        {
            var at = (percent / Step) - 1;
            html.Add($"""
                <tr><th scope="row">{percent} % within</th><td class="n">{Say.Milliseconds(with[at])}</td>
                <td class="n">{Say.Milliseconds(without[at])}</td></tr>

                """);
        }

        html.Add($"</tbody></table></div>\n");
    }

    // 1, 2 or 5 times a power of ten, or 2.5, so that there are at most six ticks.
    private static double Tick(double most)
    {
        var tick = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, most))));
        return most / tick > 5 ? 2 * tick : most / tick > 2.5 ? tick : most / tick > 1.2 ? tick / 2 : tick / 4;
    }
}
