using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>The known pages: those that save most, and those that waste most. Each leads to what becomes of its resources.</summary>
internal static class PagesSection
{
    /// <summary>How many rows are shown at once; the others unfold.</summary>
    private const int FirstRows = 10;

    /// <summary>How many reasons a row names.</summary>
    private const int MaxReasons = 3;

    public static void Write(Html html, DashboardData data)
    {
        html.Add($"<section id=\"pages\" aria-labelledby=\"pages-head\"><h2 id=\"pages-head\">Known pages</h2>\n");
        if (data.Pages.Saving.Count == 0)
        {
            html.Add($"""
                <p class="note">No page is known yet{(data.Pages.Count > 0 ? " of which everybody may be told" : "")}. The first visit of
                a page
                teaches, and from then on what several visitors were sent alike is told.</p></section>

                """);
            return;
        }

        html.Add($"""
            <p class="note">{Say.Count(data.Pages.Count, "path")} are known. A search finds each of them. Saved: what was not sent,
            because browsers
            had it. Wasted: what was pushed for nothing.</p>

            """);
        List(html, "saving", "Pages by what they saved", data.Pages.Saving, ("", "wide"));
        if (data.Pages.Wasting.Count > 0)
        {
            List(html, "wasting", "Pages by what they wasted", data.Pages.Wasting, ("wide", ""));
        }
        else
        {
            html.Add($"<p class=\"note\">No page has wasted anything.</p>\n");
        }

        html.Add($"</section>\n");
    }

    /// <summary>Leads to the search for a page.</summary>
    public static void Link(Html html, KnownPage page) => html.Add(
        $"<a href=\"?q={Uri.EscapeDataString($"https://{page.Authority}{page.Path}")}\">{page.Authority}<wbr>{page.Path}</a>");

    // On a phone, only that column is shown by which the pages are ranked.
    private static void List(
        Html html, string id, string caption, IReadOnlyList<SurveyedPage> pages, (string Saved, string Wasted) columns)
    {
        Table(html, caption, pages.Take(FirstRows), columns);
        if (pages.Count > FirstRows)
        {
            html.Add($"<details id=\"{id}-more\"><summary>{Say.Count(pages.Count - FirstRows)} more</summary>\n");
            Table(html, $"{caption}, continued", pages.Skip(FirstRows), columns);
            html.Add($"</details>\n");
        }
    }

    private static void Table(Html html, string caption, IEnumerable<SurveyedPage> pages, (string Saved, string Wasted) columns)
    {
        html.Add($"""
            <table><caption>{caption}</caption><thead><tr><th scope="col">page</th><th scope="col" class="n {columns.Saved}">saved</th>
            <th scope="col" class="n {columns.Wasted}">wasted</th><th scope="col" class="n wide">origin thinks</th><th scope="col">gets
            early, and why not the rest</th>
            </tr></thead><tbody>

            """);
        foreach (var (page, resources) in pages)
        {
            html.Add($"<tr><th scope=\"row\">");
            Link(html, page);
            html.Add($"""
                </th><td class="n {columns.Saved}">{Say.Bytes(page.SavedBytes)}</td>
                <td class="n {columns.Wasted}">{Say.Bytes(page.WastedBytes)}</td>
                <td class="n wide">{(page.ThinkTimeMs is { } think ? Say.Milliseconds(think) : "–")}</td>
                <td>{Gets(resources)}{(page.WrongNames > 0 ? $"; {Say.Count(page.WrongNames)} told in vain" : "")}</td></tr>

                """);
        }

        html.Add($"</tbody></table>\n");
    }

    private static string Gets(IReadOnlyList<SurveyedResource> resources)
    {
        var left = resources.Where(static r => r.Way == SurveyedWay.None).ToList();
        var why = left.GroupBy(static r => r.Why).OrderByDescending(static g => g.Count()).ThenBy(static g => g.Key, StringComparer.Ordinal)
            .Take(MaxReasons).Select(static g => $"{g.Key} {g.Count()}");
        var gets = $"{resources.Count - left.Count} of {resources.Count}";
        return left.Count == 0 ? gets : $"{gets}; not {string.Join(", ", why)}";
    }
}
