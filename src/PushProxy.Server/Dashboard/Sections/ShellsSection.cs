using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>What pages begin with for everyone, and whether that was right: in shadow, before it is switched on.</summary>
internal static class ShellsSection
{
    private const int MaxRows = 20;

    public static void Write(Html html, DashboardData data)
    {
        html.Add($"<section id=\"shells\" aria-labelledby=\"shells-head\"><h2 id=\"shells-head\">Shells</h2>\n");
        if (data.Shells.Count == 0)
        {
            html.Add($"<p class=\"note\">No shell is known yet: what pages begin with for everyone.</p></section>\n");
            return;
        }

        var (proven, wrong) = (data.Shells.Sum(static s => s.Proven), data.Shells.Sum(static s => s.ProvenWrong));
        var (sent, sentWrong) = (data.Shells.Sum(static s => s.Sent), data.Shells.Sum(static s => s.SentWrong));
        var gained = data.Shells.Sum(static s => s.GainedMs);
        html.Add($"""
            <p>{(sent > 0 ? $"{Say.Count(sent, "shell was sent", "shells were sent")}, of which {Say.Count(sentWrong)} wrong."
                : "None was sent: they are only compared.")}
            {Say.Count(proven, "answer")} came when a shell was proven, of which {Say.Count(wrong)} did not begin with it.
            {(proven > 0 ? $"Each began, or would have begun, {Say.Milliseconds(gained / proven)} sooner on average." : "")}</p>
            <table><caption>Those compared most often</caption><thead><tr><th scope="col">page</th><th scope="col" class="n wide">bytes</th>
            <th scope="col">state</th><th scope="col" class="n">right</th><th scope="col" class="n">wrong</th>
            <th scope="col" class="wide">ends at, or last fault</th></tr></thead><tbody>

            """);
        foreach (var shell in data.Shells.Take(MaxRows))
        {
            html.Add($"""
                <tr><th scope="row">{shell.Authority}<wbr>{(shell.Path.Length > 0 ? shell.Path : $"all of {shell.Route}")}
                <small>{shell.Scope}</small></th>
                <td class="n wide">{Say.Count(shell.Bytes)}</td><td><code>{shell.State}</code></td><td
                class="n">{Say.Count(shell.Right)}</td>
                <td class="n">{Say.Count(shell.Wrong)}</td><td
                class="wide">{shell.Limit ?? "–"}{(shell.LastFault is { } fault ? $"; {fault}" : "")}</td></tr>

                """);
        }

        html.Add($"</tbody></table></section>\n");
    }
}
