using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>What PushProxy did since it was started: what was delivered early, what became of it, and what was saved.</summary>
internal static class WorkSection
{
    public static void Write(Html html, DashboardData data)
    {
        var counted = data.Counted;
        html.Add($"""
            <section id="work" aria-labelledby="work-head"><h2 id="work-head">What was done in {Say.Span(data.Now - data.Since)}</h2>
            <div class="tiles">

            """);
        var (pages, known) = (counted["pushproxy.pages"], counted["pushproxy.pages"] - counted["pushproxy.pages", "none"]);
        Tile(html, "Page views", Say.Count(pages),
            [
                ("with something known about the page", $"{Say.Count(known)}{Of(known, pages)}"),
                ("pages known now", Say.Count(counted["pushproxy.learned.paths"])),
            ]);
        Tile(html, "Resources delivered early", Say.Count(counted["pushproxy.resources.sent"]),
            [
                ("pushed", Say.Count(counted["pushproxy.resources.sent", "push"])),
                ("hinted by 103", Say.Count(counted["pushproxy.resources.sent", "early-hints"])),
                ("linked", Say.Count(counted["pushproxy.resources.sent", "link"])),
                ("told, but not in the page", Say.Count(counted["pushproxy.resources.wrong"])),
            ]);
        var (pushes, taken) = (counted["pushproxy.pushes"], counted["pushproxy.pushes", "delivered"]);
        Tile(html, "Pushes", Say.Count(pushes),
            [
                ("taken to the end", $"{Say.Count(taken)}{Of(taken, pushes)}"),
                ("refused or cancelled by browsers",
                    Say.Count(counted["pushproxy.pushes", "refused"] + counted["pushproxy.pushes", "cancelled"])),
                ("other ends", Say.Count(counted["pushproxy.pushes", "failed"] + counted["pushproxy.pushes", "stalled"]
                    + counted["pushproxy.pushes", "not-promised"])),
            ]);
        var (content, wasted) = (counted["pushproxy.pushes.bytes"], counted["pushproxy.wasted"]);
        var used = Math.Max(0, counted["pushproxy.pushes.bytes", "delivered"] - wasted);
        Tile(html, "Pushed content", Say.Bytes(content),
            [
                ("taken, and not asked for again", $"{Say.Bytes(used)}{Of(used, content)}"),
                ("wasted", $"{Say.Bytes(wasted)}{Of(wasted, content)}"),
            ]);
        Tile(html, "Not sent, because browsers had it", Say.Bytes(counted["pushproxy.saved"]),
            [.. counted.By("pushproxy.saved").Take(5).Select(static e => (e.Word, Say.Bytes(e.Value)))]);
        var (answered, asked) = (data.Routes.Sum(static r => r.Answered), data.Routes.Sum(static r => r.Forwarded));
        Tile(html, "Saved by the store", Say.Bytes(counted["pushproxy.cache.saved"]),
            [
                ("requests it answered", $"{Say.Count(answered)}{Of(answered, answered + asked)}"),
                ("URLs kept now", Say.Count(counted["pushproxy.cache.urls"])),
                ("memory they take", Say.Bytes(counted["pushproxy.cache.size"])),
            ]);
        Tile(html, "Saved by br, zstd and gzip", Say.Bytes(counted["pushproxy.encoding.saved"]),
            []);
        Tile(html, "103 responses", Say.Count(counted["pushproxy.early_hints", "sent"]),
            [.. counted.By("pushproxy.early_hints").Where(static e => e.Word != "sent")
                .Select(static e => ($"not sent: {e.Word}", Say.Count(e.Value)))]);
        html.Add($"</div>\n");
        Routes(html, data.Routes);
        html.Add($"</section>\n");
    }

    private static string Of(long part, long whole) => Say.Share(part, whole) is { Length: > 0 } share ? $" ({share})" : "";

    private static void Tile(Html html, string name, string figure, IReadOnlyList<(string Name, string Value)> rows)
    {
        html.Add($"<div class=\"tile\"><h3>{name}</h3><p class=\"figure\">{figure}</p>");
        if (rows.Count > 0)
        {
            html.Add($"<dl>");
            foreach (var (what, value) in rows)
            {
                html.Add($"<div><dt>{what}</dt><dd>{value}</dd></div>");
            }

            html.Add($"</dl>");
        }

        html.Add($"</div>\n");
    }

    private static void Routes(Html html, IReadOnlyList<RouteFigures> routes)
    {
        if (routes.Count == 0)
        {
            return;
        }

        html.Add($"""
            <table><caption>The store, by route</caption><thead><tr><th scope="col">route</th><th scope="col" class="n">answered by it</th>
            <th scope="col" class="n wide">by the origin</th><th scope="col" class="n">origin spared</th>
            <th scope="col" class="n">encoding saved</th></tr></thead><tbody>

            """);
        foreach (var route in routes.OrderByDescending(static r => r.SavedBytes + r.EncodingSavedBytes).Take(20))
        {
            html.Add($"""
                <tr><th scope="row">{route.Name}</th><td
                class="n">{Say.Count(route.Answered)}{Of(route.Answered, route.Answered + route.Forwarded)}</td>
                <td class="n wide">{Say.Count(route.Forwarded)}</td><td class="n">{Say.Bytes(route.SavedBytes)}</td>
                <td class="n">{Say.Bytes(route.EncodingSavedBytes)}</td></tr>

                """);
        }

        html.Add($"</tbody></table>\n");
    }
}
