using System.Globalization;

namespace PushProxy.Server.Dashboard.Markup;

/// <summary>Writes figures as people read them.</summary>
internal static class Say
{
    private static readonly string[] s_units = ["kB", "MB", "GB", "TB", "PB"];

    /// <summary>A number of things: <c>12,340</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number and what it counts: <c>1 view</c>, <c>12,340 views</c>.</summary>
    public static string Count(long count, string one, string? many = null) =>
        $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A size: <c>18.2 kB</c>. A kilobyte has 1,000 bytes.</summary>
    public static string Bytes(long bytes)
    {
        if (Math.Abs(bytes) < 1000)
        {
            return Count(bytes, "byte");
        }

        var (value, unit) = (bytes / 1000.0, 0);
        for (; Math.Abs(value) >= 999.95 && unit < s_units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return $"{value.ToString(Math.Abs(value) < 100 ? "0.#" : "0", CultureInfo.InvariantCulture)} {s_units[unit]}";
    }

    /// <summary>A time, without sign: <c>0.8 ms</c>, <c>182 ms</c>, <c>1.24 s</c>.</summary>
    public static string Milliseconds(double milliseconds) => Math.Abs(milliseconds) switch
    {
        < 10 and var few => few.ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 9999.5 and var some => some.ToString("N0", CultureInfo.InvariantCulture) + " ms",
        var many => (many / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " s",
    };

    /// <summary>A part of a whole, without sign: <c>0.4 %</c>, <c>21 %</c>.</summary>
    public static string Percent(double part) =>
        Math.Abs(100 * part).ToString(Math.Abs(part) < 0.0995 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>How much of a whole something is; empty if there is nothing.</summary>
    public static string Share(long part, long whole) => whole <= 0 ? "" : Percent((double)part / whole);

    /// <summary>A span of time in its largest two units: <c>3 h 12 min</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, span.Seconds)} s",
        { TotalHours: < 1 } => $"{span.Minutes} min",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };
}
