using System.Globalization;

namespace PushProxy.Load.Views.Report;

/// <summary>What was run, on what.</summary>
internal static class SetupSection
{
    public static string Of(ViewsReport report)
    {
        var (options, machine) = (report.Options, report.Machine);
        var driver = report.Site.Runs.Concat(report.Off?.Runs ?? []).Select(
            static r => $"{Words.Of(r.Protocol)}: {Words.Figure(r.Result.Driver.CpuSeconds)} s of processor time, timers late by "
                + $"{Words.Milliseconds(Math.Max(0, r.Result.Driver.DelayP99 - 10))} (99 of 100)");
        return Html.Pairs(
        [
            ("Command", $"<code>{Html.Text(report.Command)}</code>"),
            ("Site", options.Url is null
                ? $"{Html.Text(report.Site.Url.AbsoluteUri)}: PushProxy before an origin of this test, which thinks {options.Think} ms "
                    + $"before it answers with a page; {Beside(report)}all on this machine"
                : Html.Text(report.Site.Url.AbsoluteUri)),
            ("Pages", string.Join(", ", report.Pages.Select(static p => $"<code>{Html.Text(p)}</code>"))),
            (
                "Visitors",
                Html.Text(
                    $"{string.Join(", ", options.Protocols.Select(Words.Of))}; {Pace(options)}; {Words.Share(options.Returning, 1)} of "
                    + $"the views by visitors who had been here, {Words.Share(options.Cancelled, 1)} broken off at a random moment; "
                    + $"{options.WarmUp} s of the same before, not counted")),
            (
                "How they behave",
                "Node's HTTP clients, with a cache and cookies of each visitor's own. HTTP/1.1 over up to six connections, HTTP/2 over "
                + "one. They read the page and its stylesheets for what these name, and ask for it; scripts are not run and nothing is "
                + "displayed, so background images and what scripts load are missing"),
            ("Visitors' own load", Html.Text(string.Join("; ", driver))),
            (
                "Machine",
                Html.Text(
                    $"{machine.Processors} processors ({machine.Model}), {machine.MemoryGiB.ToString(CultureInfo.InvariantCulture)} GiB "
                    + $"of memory")),
            ("System", Html.Text($"{machine.System}, kernel {machine.Kernel}, {machine.Runtime}")),
            ("Date", Html.Text(report.Date.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture))),
        ]);
    }

    private static string Beside(ViewsReport report) => report.Off is { } off
        ? $"beside it {Html.Text(off.Url.AbsoluteUri)}, PushProxy with delivery off before the same origin, visited in turn; "
        : "";

    private static string Pace(ViewsOptions options) => options.Rate > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{options.Rate} views a second of each site for {options.Seconds} s, begun when "
            + $"due, at most {options.Concurrency} under way")
        : $"{options.Concurrency} at once on each site for {options.Seconds} s, each beginning a view when the last had ended";
}
