using System.Text.RegularExpressions;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Finds time spans that .NET reads as something else than what was meant: it takes a number alone, and hours above 23, for days.
/// </summary>
internal static partial class TimeSpanText
{
    /// <summary>Returns what is wrong; null if the text is read as it is written, or is no time span at all.</summary>
    public static string? Problem(string text) =>
        Number().Match(text) is { Success: true } days && long.TryParse(days.Groups[1].Value, out var number) && number > 0
            ? $"'{text}' would be {number} days; write {Seconds(number)} for {number} seconds, or {number}.00:00:00"
        : Hours().Match(text) is { Success: true } hours && long.TryParse(hours.Groups[1].Value, out var count) && count > 23
            ? $"'{text}' would be {count} days; write {count / 24}.{count % 24:00}:{hours.Groups[2].Value} for {count} hours"
        : null;

    private static string Seconds(long number) =>
        number < 1_000_000_000 ? TimeSpan.FromSeconds(number).ToString("c") : "the time as d.hh:mm:ss";

    [GeneratedRegex(@"^\s*([0-9]+)\s*$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*([0-9]+):([0-9]+(?::[0-9]+(?:\.[0-9]+)?)?)\s*$")]
    private static partial Regex Hours();
}
