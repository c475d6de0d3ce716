using System.Globalization;

namespace PushProxy.Load.Views.Report;

/// <summary>What was counted, by protocol, each figure with what it means.</summary>
internal static class CountsSection
{
    public static string Views(SiteResult site) => Table(site,
    [
        ("Views begun", "all of these finished, failed or were broken off", static c => Words.Count(c.Views.Started)),
        ("Finished", "everything was there, without an error", static c => Words.Count(c.Views.Finished)),
        ("Failed", "at least one error", static c => Words.Count(c.Views.Failed)),
        (
            "Broken off",
            "by the visitor, as planned: people change their minds while a page loads",
            static c => Words.Count(c.Views.Cancelled)),
        ("Late", "due, but not begun: as many as allowed were under way already", static c => Words.Count(c.Views.Late)),
        ("By returning visitors", "of the views begun", static c => Words.Count(c.Views.Returning)),
        ("Connections opened", "", static c => Words.Count(c.Views.Connections)),
        ("Requests sent", "answered, failed, broken off with their view, or sent again", static c => Words.Count(c.Requests.Sent)),
        ("Answered “not modified”", "304: the visitor's copy is still good", static c => Words.Count(c.Requests.NotModified)),
        ("Not even sent", "the visitor's cache had it, fresh", static c => Words.Count(c.Requests.FromCache)),
        (
            "Sent again",
            "not served at all (an idle connection was just being closed), so asked once more, as browsers do",
            static c => Words.Count(c.Requests.Retried)),
        ("Received", "bodies as they came over the wire, without what was pushed", static c => Words.Bytes(c.Requests.Bytes)),
    ]);

    public static string Early(SiteResult site)
    {
        if (site.Total(static c => c.Pushes.Promised + c.EarlyHints.Responses + c.Links.Resources) == 0)
        {
            return "<p>Nothing: no server push, no 103 Early Hints and no <code>Link: rel=preload</code> was seen.</p>";
        }

        return "<p>A server that knows what a page needs can push it (HTTP/2 server push), or name it in a 103 response or a "
            + "<code>Link</code> field so that the browser fetches it before it has read the page. What the visitor already has should "
            + "be neither.</p>"
            + Table(site,
            [
                (
                    "Pushes promised",
                    "all of these were used, refused, unused, failed or abandoned",
                    static c => Words.Count(c.Pushes.Promised)),
                ("Pushes used", "taken instead of a request", static c => Part(c.Pushes.Used, c.Pushes.Promised)),
                ("Pushes refused", "the visitor's cache had it: pushed for nothing", static c => Words.Count(c.Pushes.Cancelled)),
                ("Pushes unused", "no page needed it while the connection was open", static c => Words.Count(c.Pushes.Unused)),
                ("Pushes failed", "reset by the server", static c => Words.Count(c.Pushes.Failed)),
                ("Pushes abandoned", "not yet used when the view was broken off", static c => Words.Count(c.Pushes.Abandoned)),
                ("Pushed and used", "bytes of bodies", static c => Words.Bytes(c.Pushes.UsedBytes)),
                (
                    "Pushed for nothing",
                    "bytes of bodies that came before the visitor could refuse, or were not used",
                    static c => Words.Bytes(c.Pushes.WastedBytes)),
                ("103 responses", "", static c => Words.Count(c.EarlyHints.Responses)),
                (
                    "Named in a 103",
                    "resources; all of these were used, cached, unused or abandoned",
                    static c => Words.Count(c.EarlyHints.Resources)),
                ("… used", "the page needed it", static c => Part(c.EarlyHints.Used, c.EarlyHints.Resources)),
                ("… cached", "the visitor had it: named for nothing", static c => Words.Count(c.EarlyHints.Cached)),
                ("… unused", "fetched for nothing", static c => Words.Count(c.EarlyHints.Unused)),
                (
                    "Named in Link",
                    "resources a page's own header fields named, and no 103 before",
                    static c => Words.Count(c.Links.Resources)),
                ("… used", "the page needed it", static c => Part(c.Links.Used, c.Links.Resources)),
                ("… cached", "the visitor had it", static c => Words.Count(c.Links.Cached)),
                ("… unused", "fetched for nothing", static c => Words.Count(c.Links.Unused)),
            ]);
    }

    public static string Errors(ViewsReport report)
    {
        List<(string Name, SiteResult Site)> sites = report.Off is { } off
            ? [("With delivery", report.Site), ("With delivery off", off)]
            : [("", report.Site)];
        if (sites.TrueForAll(static s => s.Site.Runs.All(static r => r.Result.Errors.Count == 0)))
        {
            return "<p>There were no errors.</p>";
        }

        var counts = sites.SelectMany(s => Counts(s.Site).Prepend([Html.Text(s.Name)]).Skip(s.Name.Length == 0 ? 1 : 0));
        var samples = sites.SelectMany(static s => s.Site.Runs.SelectMany(
                r => r.Result.Samples.Select(e => (Where: Where(r.Protocol, s.Name), Error: e))))
            .GroupBy(static s => (s.Where, s.Error.Kind, s.Error.Url, s.Error.What))
            .OrderBy(static g => g.First().Error.Seconds)
            .Select(static g => (
                string.Create(CultureInfo.InvariantCulture, $"after {g.First().Error.Seconds:F1} s"),
                $"{Html.Text(Words.OfError(g.Key.Kind))}, {Html.Text(g.Key.Where)}: "
                + $"{Html.Text(g.Key.What)}{(g.Count() > 1 ? $" ({g.Count()} ×)" : "")}<small>{Html.Text(g.Key.Url)}</small>"));
        var protocols = report.Site.Runs.Select(static r => Words.Of(r.Protocol));
        return $"<h2 class=\"bad-text\">Errors</h2>{Html.Table(["", .. protocols], counts)}"
            + $"<p>The first of them, at most twenty a protocol, alike ones together:</p>{Html.Pairs(samples)}";
    }

    private static IEnumerable<IReadOnlyList<string>> Counts(SiteResult site) => site.Runs.SelectMany(static r => r.Result.Errors.Keys)
        .Distinct().Order(StringComparer.Ordinal)
        .Select(IReadOnlyList<string> (kind) =>
            [Html.Text(Words.OfError(kind)), .. site.Runs.Select(r => Words.Count(r.Result.Errors.GetValueOrDefault(kind)))]);

    private static string Where(VisitProtocol protocol, string site) =>
        site.Length == 0 ? Words.Of(protocol) : $"{Words.Of(protocol)}, {site.ToLowerInvariant()}";

    private static string Part(long part, long whole) => whole == 0 ? "0" : $"{Words.Count(part)}<small>{Words.Share(part, whole)}</small>";

    private static string Table(
        SiteResult site, IReadOnlyList<(string Name, string Meaning, Func<VisitCounts, string> Of)> figures) => Html.Table(
        ["", .. site.Runs.Select(static r => Words.Of(r.Protocol))],
        figures.Select(
            IReadOnlyList<string> (f) => [Html.Explained(f.Name, f.Meaning), .. site.Runs.Select(r => f.Of(r.Result.Counts))]));
}
