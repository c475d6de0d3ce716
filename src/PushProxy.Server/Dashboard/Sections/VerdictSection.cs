using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>Whether PushProxy helps this site, and by how much: the first thing that is seen.</summary>
internal static class VerdictSection
{
    /// <summary>The maximum number of groups of pages that are shown.</summary>
    private const int MaxPages = 20;

    public static void Write(Html html, DashboardData data)
    {
        var verdict = VerdictText.Of(data.Proof, data.HoldOut);
        var all = data.Proof is [{ Kind: "all", Measures.Count: > 0 } first, ..] && Views(first.Measures[0]) > 0 ? first : null;
        html.Add($"""
            <section id="verdict" class="verdict {verdict.Mark}" aria-labelledby="verdict-head">
            <h2 id="verdict-head">{verdict.Headline}</h2>
            <p>{verdict.Detail}</p>

            """);
        if (all is not null)
        {
            html.Add($"<div class=\"charts\">\n");
            MedianChart.Write(html, all.Measures[0]);
            DistributionChart.Write(html, all.Measures[0]);
            html.Add($"</div>\n");
        }

        html.Add($"</section>\n");
        if (all is not null)
        {
            html.Add($"<section id=\"proof\" aria-labelledby=\"proof-head\"><h2 id=\"proof-head\">What was measured, and where</h2>\n");
            ComparisonTable.Write(html, "All page views", "measure", all.Measures.Select(static m => (NameOf(m.Measure), m)));
            html.Add($"""
                <p class="note">Displayed: from the request for the page until its last resource that blocks the display was acknowledged by
                the browser. Intervals respect that views of one visitor are alike.</p>

                """);
            Groups(html, data.Proof);
            html.Add($"</section>\n");
        }
    }

    private static void Groups(Html html, IReadOnlyList<ProofGroup> proof)
    {
        var parts = proof.Where(static g => g.Kind != "all" && g.Measures.Count > 0 && Views(g.Measures[0]) > 0).ToList();
        var small = parts.Where(static g => g.Kind != "page").ToList();
        if (small.Count > 0)
        {
            ComparisonTable.Write(html, "Until displayed, by kind of view", "views", small.Select(static g => (NameOf(g), g.Measures[0])));
        }

        // Where most is gained or lost comes first: the difference of one view times the views.
        var pages = parts.Where(static g => g.Kind == "page").OrderBy(static g => Total(g.Measures[0])).ToList();
        if (pages.Count > 0)
        {
            ComparisonTable.Write(
                html, "Until displayed, by group of pages, the largest gain first", "pages",
                pages.Take(MaxPages).Select(static g => (g.Name, g.Measures[0])));
        }

        if (pages.Count > MaxPages)
        {
            ComparisonTable.Write(
                html, "The groups of pages that gain least", "pages", pages.Skip(MaxPages).TakeLast(MaxPages).Reverse()
                    .Select(static g => (g.Name, g.Measures[0])));
        }
    }

    private static double Total(ProofComparison of) => (of.Median?.Milliseconds ?? 0) * Views(of);

    private static long Views(ProofComparison of) => of.Delivered.Views + of.HeldOut.Views;

    private static string NameOf(ProofGroup group) => (group.Kind, group.Name) switch
    {
        ("view", "first") => "first view of a connection",
        ("view", _) => "later views of a connection",
        ("client", "push") => "browsers that take pushes",
        ("client", "early-hints") => "browsers that take 103",
        ("client", "link") => "browsers that take Link alone",
        var (_, name) => name,
    };

    private static string NameOf(string measure) => measure switch
    {
        "display" => "displayed",
        "first-byte" => "first byte of the page",
        "fcp" => "first contentful paint (FCP), as browsers tell",
        "lcp" => "largest contentful paint (LCP), as browsers tell",
        "ttfb" => "first byte, as browsers tell",
        "interim" => "first 103, as browsers tell",
        _ => measure,
    };
}
