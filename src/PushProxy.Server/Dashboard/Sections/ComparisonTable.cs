using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>Comparisons of the two arms, one in a row.</summary>
internal static class ComparisonTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="caption">What all of them are.</param>
    /// <param name="what">What they differ in.</param>
    /// <param name="rows">Each with its name.</param>
    public static void Write(Html html, string caption, string what, IEnumerable<(string Name, ProofComparison Comparison)> rows)
    {
        html.Add($"""
            <table><caption>{caption}</caption>
            <thead><tr><th scope="col">{what}</th><th scope="col" class="n wide">with</th><th scope="col" class="n wide">without</th>
            <th scope="col">difference of medians</th><th scope="col" class="wide">of 75th percentiles</th>
            <th scope="col" class="n wide">views</th><th scope="col">verdict</th></tr></thead><tbody>

            """);
        foreach (var (name, comparison) in rows)
        {
            html.Add($"""
                <tr><th scope="row">{name}</th><td class="n wide">{Time(comparison.Delivered.Median)}</td>
                <td class="n wide">{Time(comparison.HeldOut.Median)}</td><td>
                """);
            Effect(html, comparison.Median);

            // On a phone there is no room for columns of their own.
            html.Add($"<small class=\"narrow\">{Time(comparison.Delivered.Median)} with, ");
            html.Add($"{Time(comparison.HeldOut.Median)} without</small>");
            html.Add($"</td><td class=\"wide\">");
            Effect(html, comparison.UpperQuartile);
            html.Add($"""
                </td><td class="n wide">{Say.Count(comparison.Delivered.Views)} + {Say.Count(comparison.HeldOut.Views)}</td>
                <td><span class="mark {VerdictText.MarkOf(comparison)}">{VerdictText.Short(comparison)}</span></td></tr>

                """);
        }

        html.Add($"</tbody></table>\n");
    }

    private static string Time(double? milliseconds) => milliseconds is { } time ? Say.Milliseconds(time) : "–";

    private static void Effect(Html html, ProofEffect? effect)
    {
        if (effect is null)
        {
            html.Add($"–");
            return;
        }

        html.Add($"{VerdictText.Change(effect)}<br><small>95 %: {VerdictText.Interval(effect)}</small>");
    }
}
