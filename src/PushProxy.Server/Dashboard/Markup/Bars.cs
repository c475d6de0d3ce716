namespace PushProxy.Server.Dashboard.Markup;

/// <summary>A table of figures with a bar in each row. The figure stands beside its bar.</summary>
internal static class Bars
{
    /// <summary>The maximum number of rows.</summary>
    private const int MaxRows = 24;

    /// <summary>Writes the table; nothing if there are no rows.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="caption">What the figures are.</param>
    /// <param name="what">What the rows are.</param>
    /// <param name="rows">Each with its name, its meaning, which may be empty, and its figure.</param>
    /// <param name="say">Writes a figure.</param>
    public static void Write(
        Html html, string caption, string what, IReadOnlyList<(string Name, string Meaning, long Value)> rows,
        Func<long, string>? say = null)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var most = Math.Max(1, rows.Max(static r => r.Value));
        html.Add($"""
            <table class="bars"><caption>{caption}</caption>
            <thead><tr><th scope="col">{what}</th><th scope="col" class="n">number</th></tr></thead><tbody>

            """);
        foreach (var (name, meaning, value) in rows.Take(MaxRows))
        {
            html.Add($"""
                <tr><th scope="row"><code>{name}</code> <span class="meaning">{meaning}</span>
                <svg class="rule" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width="{100.0 * value / most}"
                height="3"/></svg></th>
                <td class="n">{(say is null ? Say.Count(value) : say(value))}</td></tr>

                """);
        }

        html.Add($"</tbody></table>\n");
        if (rows.Count > MaxRows)
        {
            html.Add($"<p class=\"note\">And {Say.Count(rows.Count - MaxRows)} more, which are smaller: ");
            html.Add($"<code>/metrics</code> has all.</p>\n");
        }
    }
}
