using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>
/// The medians of both arms as two bars. One is filled and the other hatched, and each says what it is, so that no colour is needed.
/// </summary>
internal static class MedianChart
{
    private const int Width = 560, Bar = 34, Gap = 56;

    // For the words beside a bar that is as long as the chart.
    private const int Words = 125;

    public static void Write(Html html, ProofComparison comparison)
    {
        if (comparison is not { Delivered.Median: { } with, HeldOut.Median: { } without } || Math.Max(with, without) <= 0)
        {
            return;
        }

        var scale = (Width - Words) / Math.Max(with, without);
        html.Add($"""
            <figure><figcaption>Half of all pages are displayed within</figcaption>
            <svg viewBox="0 0 {Width} {2 * Gap}" role="img"
            aria-label="With PushProxy {Say.Milliseconds(with)}, without it {Say.Milliseconds(without)}">
            <defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="hatch-ground" width="7" height="7"/><rect class="hatch-line" width="3" height="7"/></pattern></defs>

            """);
        Row(html, 0, "with PushProxy", "with", with, with * scale);
        Row(html, Gap, "without", "without", without, without * scale);
        html.Add($"</svg></figure>\n");
    }

    private static void Row(Html html, int top, string name, string look, double milliseconds, double length) => html.Add($"""
        <text x="0" y="{top + 14}">{name}</text>
        <rect class="bar {look}" x="0.5" y="{top + 20.5}" width="{Math.Max(1, length)}" height="{Bar - 10}"/>
        <text class="value" x="{length + 8}" y="{top + 39}">{Say.Milliseconds(milliseconds)}</text>

        """);
}
