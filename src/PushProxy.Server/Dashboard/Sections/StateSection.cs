using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>What went wrong, and how this instance and what it shares with others are.</summary>
internal static class StateSection
{
    public static void Write(Html html, DashboardData data)
    {
        var counted = data.Counted;
        var (errors, store, redis) = (counted["pushproxy.errors"], counted["pushproxy.cache.errors"], counted["pushproxy.redis.errors"]);
        html.Add($"""
            <section id="errors" aria-labelledby="errors-head"><h2 id="errors-head">Errors</h2>
            <p><span class="mark {(errors + store == 0 ? "same" : "harm")}">{Say.Count(errors + store, "error")}</span> since the start.
            {(errors + store == 0 ? "" : "None of them failed a request; the log says more.")}
            {(store > 0 ? $"{Say.Count(store)} of the store." : "")}</p>

            """);
        Bars.Write(html, "Errors by stage", "stage", [.. counted.By("pushproxy.errors").Select(static e => (e.Word, "", e.Value))]);
        html.Add($"""
            </section>
            <section id="instance" aria-labelledby="instance-head"><h2 id="instance-head">Instances</h2>
            <p>All figures on this page are of this instance alone: <code>{data.Instance}</code>, PushProxy {data.Version}, which has run
            for {Say.Span(data.Now - data.Since)}{(data.IsStopping ? " and is stopping" : "")}.
            What it knows takes {Say.Bytes(counted["pushproxy.learned.bytes"])}, of
            {Say.Count(counted["pushproxy.learned.resources"], "resource")}.</p>

            """);
        if (data.Sharing is not { } sharing)
        {
            html.Add($"<p>It shares nothing with other instances (<code>PushProxy:Shared:Redis</code> is not set).</p></section>\n");
            return;
        }

        html.Add($"""
            <p><span class="mark {(sharing.IsConnected ? "same" : "harm")}">{(sharing.IsConnected ? "connected" : "not connected")}</span>
            to the
            Redis by which instances share what they learn.
            {(sharing.IsConnected ? "" : "It learns alone until Redis answers again.")}
            {Say.Count(counted["pushproxy.redis.put"], "record")} put, {Say.Count(counted["pushproxy.redis.received"])} received,
            {Say.Count(sharing.Waiting)} waiting, {Say.Count(redis, "error")}.</p></section>

            """);
    }
}
