using System.Globalization;
using PushProxy.Load.Peers;

namespace PushProxy.Load.PageLoad;

/// <summary>What page loads came to; its JSON.</summary>
/// <param name="Date">When they began, UTC.</param>
/// <param name="Site">The folder of the static site; null for the shop.</param>
/// <param name="Page">The page's path.</param>
/// <param name="Browser">Program and version.</param>
/// <param name="RoundTrip">Of the link, ms.</param>
/// <param name="Down">Of the link, Mbit/s.</param>
/// <param name="Up">Likewise.</param>
/// <param name="Think">What the origin thinks before it sends the page, ms.</param>
/// <param name="Runs">Loads of each target that count.</param>
/// <param name="Prime">Those before, which do not.</param>
/// <param name="Summaries">By mode and target.</param>
/// <param name="Loads">Each.</param>
internal sealed record PageLoadReport(
    DateTimeOffset Date, string? Site, string Page, string Browser, double RoundTrip, double Down, double Up, int Think, int Runs,
    int Prime, IReadOnlyList<LoadSummary> Summaries,
    IReadOnlyList<PageLoad> Loads)
{
    /// <summary>Prints a table for each mode.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{Site}{Page}; {Browser}; RTT {RoundTrip} ms, {Down} Mbit/s down, {Up} up, think {Think} ms; "
            + $"{Runs} runs in turns; ms, median (lowest-highest)"));
        foreach (var mode in Summaries.GroupBy(static s => s.Mode))
        {
            var first = mode.First().Target;
            output.WriteLine();
            string[] heads =
            [
                mode.Key, "first byte", "FCP", "LCP", "load", "kB", "requests", "pushed, used", "103s", "hinted", $"FCP, LCP to {first}",
                "FCP, LCP to yarp",
            ];
            TextTable.Print(heads, mode.Select(static s => s.Cells()), output);
        }
    }
}

/// <summary>One target's loads in one mode.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Mode">cold or warm.</param>
/// <param name="FirstByte">ms, as the next three.</param>
/// <param name="FirstContentfulPaint">Likewise.</param>
/// <param name="LargestContentfulPaint">Likewise.</param>
/// <param name="Load">Likewise.</param>
/// <param name="Kilobytes">To the browser, headers of IP and TCP included.</param>
/// <param name="Dropped">Packets lost, both ways.</param>
/// <param name="Requests">Sent by the browser.</param>
/// <param name="Pushed">Promised.</param>
/// <param name="PushesUsed">Of them.</param>
/// <param name="EarlyHints">103s.</param>
/// <param name="Hinted">Resources loaded because of them.</param>
/// <param name="ToFirst">Ratio to the first target's load of the same round.</param>
/// <param name="ToStock">Ratio to stock YARP's; null: it was not measured.</param>
internal sealed record LoadSummary(
    string Target, string Title, string Mode, Figure FirstByte, Figure FirstContentfulPaint, Figure LargestContentfulPaint, Figure Load,
    Figure Kilobytes, Figure Dropped,
    Figure Requests, Figure Pushed, Figure PushesUsed, Figure EarlyHints, Figure Hinted, PaintRatios ToFirst, PaintRatios? ToStock)
{
    public static LoadSummary Of(
        Target target, string mode, IReadOnlyList<PageLoad> loads, IReadOnlyList<PageLoad> first, IReadOnlyList<PageLoad>? stock)
    {
        return new(
            target.Name, target.Title, mode,
            Over(static l => l.FirstByte), Over(static l => l.FirstContentfulPaint), Over(static l => l.LargestContentfulPaint),
            Over(static l => l.Load),
            Over(static l => l.Down.Octets / 1000d), Over(static l => l.Down.Dropped + l.Up.Dropped), Over(static l => l.Requests),
            Over(static l => l.Pushed),
            Over(static l => l.PushesUsed), Over(static l => l.EarlyHints), Over(static l => l.Hinted),
            PaintRatios.Of(loads, first), stock is null ? null : PaintRatios.Of(loads, stock));

        Figure Over(Func<PageLoad, double> value) => Figure.Of(loads.Select(value));
    }

    public string[] Cells() =>
    [
        Title, FirstByte.ToString("0"), FirstContentfulPaint.ToString("0"), LargestContentfulPaint.ToString("0"), Load.ToString("0"),
        Number(Kilobytes, "0.0"), Number(Requests, "0.#"), $"{Number(Pushed, "0.#")}, {Number(PushesUsed, "0.#")}",
        Number(EarlyHints, "0.#"), Number(Hinted, "0.#"), ToFirst.ToString(), ToStock?.ToString()
            ?? "-",
    ];

    private static string Number(Figure figure, string format) => figure.Median.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Paints of one target to those of another, round by round.</summary>
internal sealed record PaintRatios(Figure FirstContentfulPaint, Figure LargestContentfulPaint)
{
    public static PaintRatios Of(IReadOnlyList<PageLoad> loads, IReadOnlyList<PageLoad> others) => new(
        Figure.Of(loads.Zip(others, static (a, b) => a.FirstContentfulPaint / b.FirstContentfulPaint)),
        Figure.Of(loads.Zip(others, static (a, b) => a.LargestContentfulPaint / b.LargestContentfulPaint)));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstContentfulPaint.Median:0.000}, {LargestContentfulPaint.Median:0.000}");
}
