using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>How the origin does: how long it thinks, and which of its destinations are up.</summary>
internal static class OriginSection
{
    public static void Write(Html html, DashboardData data)
    {
        html.Add($"<section id=\"origin\" aria-labelledby=\"origin-head\"><h2 id=\"origin-head\">The origin</h2>\n");
        foreach (var origin in data.Origins)
        {
            var mark = origin.Healthy == origin.All ? "same" : "harm";
            html.Add($"""
                <p>
                <span class="mark {mark}">{origin.Healthy} of {Say.Count(origin.All, "destination")}</span> of <code>{origin.Cluster}</code>
                {(origin.Healthy == origin.All ? "are not known to be down." : "are up.")}</p>

                """);
        }

        if (data.Pages.ThinkTimes.Any(static t => t > 0))
        {
            Bars.Write(
                html, "Known pages by the origin's think time, from the request to the head of the answer", "think time",
                [.. data.Pages.ThinkTimes.Select(static (count, i) => (Class(i), "", (long)count))]);
            html.Add($"""
                <table><caption>Where it thinks longest: there early delivery has most time</caption>
                <thead><tr><th scope="col">page</th><th scope="col" class="n">think time</th></tr></thead><tbody>

                """);
            foreach (var page in data.Pages.Slowest)
            {
                html.Add($"<tr><th scope=\"row\">");
                PagesSection.Link(html, page);
                html.Add($"</th><td class=\"n\">{Say.Milliseconds(page.ThinkTimeMs ?? 0)}</td></tr>\n");
            }

            html.Add($"</tbody></table>\n");
        }
        else
        {
            html.Add($"<p class=\"note\">How long it thinks is not known yet.</p>\n");
        }

        Bars.Write(
            html, "Requests of the proxy's own, to learn", "how they ended",
            [.. data.Counted.By("pushproxy.learning.fetches").Select(static f => (f.Word, "", f.Value))]);
        html.Add($"</section>\n");
    }

    private static string Class(int at) => at switch
    {
        0 => $"below {PageSurvey.ThinkTimeLimits[0]} ms",
        _ when at == PageSurvey.ThinkTimeLimits.Count => $"{PageSurvey.ThinkTimeLimits[^1]} ms and more",
        _ => $"{PageSurvey.ThinkTimeLimits[at - 1]} to {PageSurvey.ThinkTimeLimits[at]} ms",
    };
}
