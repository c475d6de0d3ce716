using System.CommandLine;
using System.Globalization;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.Dashboard;

/// <summary>
/// <c>dashboard</c>: how soon Chromium paints the dashboard of a site of many pages, and what its polls cost the program. It also draws the
/// picture of the documentation, with comparisons that are made up.
/// </summary>
internal static class DashboardCommand
{
    private const int ResourcesOfPage = 5;

    // A width at which nothing is left out.
    private const int Width = 1000, Height = 800;

    // How often the page has asked.
    private const string Polls = "performance.getEntriesByType('resource').filter(e => e.name.endsWith('part=live')).length";

    public static Command Create()
    {
        var pages = new Option<int>("--pages") { Description = "How many pages are known.", DefaultValueFactory = static _ => 100_000 };
        var loads = new Option<int>("--loads") { Description = "How often the page is loaded.", DefaultValueFactory = static _ => 9 };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long the page is left open, and the program alone.",
            DefaultValueFactory = static _ => 60,
        };
        var picture = new Option<FileInfo?>("--picture") { Description = "Where the page is drawn, as a PNG." };
        var command = new Command("dashboard", "When the dashboard is painted, and what its polls cost.") { pages, loads, seconds, picture };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => RunAsync(
            result.GetValue(pages), result.GetValue(loads), TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(picture),
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(int pages, int loads, TimeSpan open, FileInfo? picture, CancellationToken cancellation)
    {
        await using var shown = await ShownProgram.StartAsync(
            ("PushProxy:Learning:NamedBy", "1"),

            // Writing down what was learned a moment ago would be counted as the dashboard's.
            ("PushProxy:Learning:Persist", "false"));
        shown.Proof = SampleProof.Of(ProofVerdict.Gain);
        shown.Learn(pages, ResourcesOfPage);
        var profile = Directory.CreateTempSubdirectory("pushproxy-dashboard-");
        try
        {
            await using var browser = await Chromium.StartAsync(LoggedBrowser.Current, profile.FullName, "none");
            var tab = await browser.OpenTabAsync();
            var first = await PaintAsync(tab, shown.Dashboard);
            var (paints, words) = (new List<double>(), new List<double>());
            for (var i = 0; i < loads; i++)
            {
                // In turns with one word, which nothing could paint sooner: the machine may be busy.
                words.Add(await PaintAsync(tab, new Uri(shown.Dashboard, "/healthz/live")));
                paints.Add(await PaintAsync(tab, shown.Dashboard));
            }

            await SayAsync($"""
                first paint with {shown.Pages:N0} known pages, ms: the first {first:N0}, then {Median(paints)}; of one word {Median(words)}
                """);
            if (picture is not null)
            {
                await File.WriteAllBytesAsync(picture.FullName, await tab.PictureAsync(Width, Height), cancellation);
            }

            var polls = await tab.EvaluateAsync<int>(Polls);
            var polled = await UsedAsync(open, cancellation);
            polls = await tab.EvaluateAsync<int>(Polls) - polls;
            await tab.LeaveAsync();
            var alone = await UsedAsync(open, cancellation);
            await SayAsync($"""
                {polls} polls in {open.TotalSeconds:N0} s: the program took {100 * (polled / open):N2} % of a processor, alone {100 * (alone / open):N2} %;
                a poll {(polled - alone).TotalMilliseconds / Math.Max(1, polls):N1} ms
                """);
        }
        finally
        {
            profile.Delete(recursive: true);
        }

        return 0;
    }

    private static string Median(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:N0} ({times[0]:N0}-{times[^1]:N0})");
    }

    private static async Task<double> PaintAsync(ChromiumTab tab, Uri url)
    {
        await tab.VisitAsync(url);

        // The load event may come before the paint.
        return await tab.EvaluateAsync<double>("""
            new Promise(done => new PerformanceObserver(list => done(list.getEntriesByName('first-contentful-paint')[0].startTime))
              .observe({ type: 'paint', buffered: true }))
            """);
    }

    private static async Task<TimeSpan> UsedAsync(TimeSpan span, CancellationToken cancellation)
    {
        var before = Environment.CpuUsage.TotalTime;
        await Task.Delay(span, cancellation);
        return Environment.CpuUsage.TotalTime - before;
    }

    private static Task SayAsync(FormattableString text) => Console.Out.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
}
