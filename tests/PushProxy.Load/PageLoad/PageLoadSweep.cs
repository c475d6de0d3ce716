using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PushProxy.Load.PageLoad;

/// <summary>Page loads under one set of conditions after the other, from the same servers, and a table of them all.</summary>
internal sealed class PageLoadSweep
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One for each set of conditions.</summary>
    public required IReadOnlyList<PageLoadRun> Runs { get; init; }

    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Whether they were asked for by name: who is not there then is missed.</summary>
    public required bool Named { get; init; }

    /// <param name="json">Where the report goes; of several runs, an array of their reports. Null: nowhere.</param>
    /// <param name="picture">Where the picture of the only run goes; null: nowhere.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(FileInfo? json, FileInfo? picture, CancellationToken cancellation)
    {
        var missing = Targets.Where(static t => t.Server.Missing is not null).ToList();
        missing.ForEach(static t => Console.WriteLine($"not measured: {t.Server.Missing}"));
        var targets = Targets.Except(missing).ToList();
        if (targets.Count == 0)
        {
            throw new InvalidOperationException("None of the targets is installed.");
        }

        var reports = new List<PageLoadReport>();
        foreach (var run in Runs)
        {
            var report = await run.RunAsync(targets, cancellation);
            reports.Add(report);
            report.Print(Console.Out);
            // After each, so that what was measured is not lost if a later one fails.
            await WriteAsync(reports, json, cancellation);
        }

        if (reports.Count > 1)
        {
            Print(reports, Console.Out);
        }

        if (picture is not null)
        {
            await PageLoadPicture.WriteAsync(reports.Single(), picture, cancellation);
        }

        missing.ForEach(static t => Console.WriteLine($"not measured: {t.Server.Missing}"));
        return Named && missing.Count > 0 ? 1 : 0;
    }

    /// <summary>Prints all runs as one table of medians, a line for each target.</summary>
    public static void Print(IReadOnlyList<PageLoadReport> reports, TextWriter output)
    {
        var first = reports[0].Summaries[0].Target;
        output.WriteLine($"\nAll of them, medians, ms:");
        TextTable.Print(
            [
                "browser", "RTT", "Mbit/s", "think", "mode", "server", "first byte", "FCP", "LCP", "load", "kB", $"FCP, LCP to {first}",
                "FCP, LCP to yarp",
            ],
            reports.SelectMany(static r => r.Summaries.Select(s => Row(r, s))), output);
    }

    private static string[] Row(PageLoadReport report, LoadSummary summary)
    {
        return
        [
            report.Browser, Text(report.RoundTrip), Text(report.Down), Text(report.Think), summary.Mode, summary.Title,
            Text(summary.FirstByte.Median), Text(summary.FirstContentfulPaint.Median), Text(summary.LargestContentfulPaint.Median),
            Text(summary.Load.Median), Text(summary.Kilobytes.Median), summary.ToFirst.ToString(), summary.ToStock?.ToString() ?? "-",
        ];

        static string Text(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
    }

    private async Task WriteAsync(List<PageLoadReport> reports, FileInfo? json, CancellationToken cancellation)
    {
        if (json is not null)
        {
            var text = Runs.Count == 1 ? JsonSerializer.Serialize(reports[0], Json) : JsonSerializer.Serialize(reports, Json);
            await File.WriteAllTextAsync(json.FullName, text + "\n", cancellation);
        }
    }
}
