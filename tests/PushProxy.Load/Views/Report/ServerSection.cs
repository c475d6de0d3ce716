namespace PushProxy.Load.Views.Report;

/// <summary>What the server took, and what the proxy counted itself.</summary>
internal static class ServerSection
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["pushproxy_pages"] = "Pages, by what was known of them when they were asked for",
        ["pushproxy_resources_sent"] = "Resources delivered early, by channel",
        ["pushproxy_resources_skipped"] = "Resources not delivered early, by reason",
        ["pushproxy_pushes"] = "Pushes, by what became of them",
        ["pushproxy_pushes_bytes"] = "Bytes pushed, by what became of the push",
        ["pushproxy_early_hints"] = "103 responses, by whether they were sent",
        ["pushproxy_early_skipped"] = "Pages of which nothing was delivered before the origin was asked, by reason",
        ["pushproxy_saved_bytes"] = "Bytes not delivered because the client has them, by how that is known",
        ["pushproxy_wasted_bytes"] = "Bytes pushed for nothing: reset by the client, or asked for all the same",
        ["pushproxy_learning_analysed"] = "Pages analysed, by outcome",
        ["pushproxy_learning_skipped"] = "Pages not learned, by reason",
        ["pushproxy_errors"] = "Failures that cost an optimisation but no request, by stage",
    };

    public static string Of(SiteResult site)
    {
        var server = site.Server is { } cost
            ? "<h2>What the server took</h2>" + Html.Pairs(
            [
                (
                    "Processor time",
                    $"{Words.Figure(cost.CpuSeconds)} s in all, {Words.Milliseconds(cost.CpuMillisecondsPerView)} for each page view "
                    + $"that finished or failed (all it asks for, its handshake, and a share of the views broken off)"),
                ("Memory", $"at most {Words.Figure(cost.PeakMemoryMiB)} MiB resident, looked at each second"),
            ])
            : "";
        if (site.ProxyCounters.Count == 0)
        {
            return server;
        }

        var rows = site.ProxyCounters.GroupBy(static c => c.Name).SelectMany(static g => g
            .Select(IReadOnlyList<string> (c) =>
            [
                Html.Text(c.Label.Length > 0 ? c.Label : "all"),
                g.Key.EndsWith("bytes", StringComparison.Ordinal) ? Words.Bytes(c.Value) : Words.Count(c.Value),
            ])
            .Prepend([$"{Html.Text(Meanings.GetValueOrDefault(g.Key, g.Key))}<small><code>{Html.Text(g.Key)}_total</code></small>"]));
        return $"{server}<h2>What the proxy counted itself</h2><p>From its management listener, at the end less at the beginning. What "
            + $"visitors broke off, or had not read yet, it may count otherwise than they "
            + $"do.</p>{Html.Table(["counter", "during the run"], rows)}";
    }
}
