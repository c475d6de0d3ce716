using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>Why pages and resources were not delivered early: the words of the debug header, with their meaning.</summary>
internal static class ReasonsSection
{
    public static void Write(Html html, DashboardData data)
    {
        html.Add($"<section id=\"reasons\" aria-labelledby=\"reasons-head\"><h2 id=\"reasons-head\">Why not the rest</h2>\n");
        var before = html.Length;
        Table("Resources that were not delivered with a page", "resource", "pushproxy.resources.skipped", Reasons.OfResource);
        Table("Pages with which nothing came before the origin answered", "page", "pushproxy.early.skipped", Reasons.OfPage);
        Table("Pages that were not learned", "page", "pushproxy.learning.skipped", Reasons.OfPage);
        Table("Responses that were not stored", "response", "pushproxy.cache.not_stored", static _ => "");
        if (html.Length == before)
        {
            html.Add($"<p class=\"note\">No page has been left alone yet.</p>\n");
        }

        html.Add($"</section>\n");

        void Table(string caption, string what, string instrument, Func<string, string> meaning) => Bars.Write(
            html, caption, what, [.. data.Counted.By(instrument).Select(s => (s.Word, meaning(s.Word), s.Value))]);
    }
}
