using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Fields;

/// <summary>
/// Reads dates in header fields (RFC 9110 §5.6.7). The framework's own parser takes more than the three forms, and a date that should have
/// been none makes a response fresh.
/// </summary>
internal static class HttpDate
{
    /// <summary>The name of the day says nothing that the rest does not, so it need not fit.</summary>
    private static readonly HashSet<string> Days = new(StringComparer.OrdinalIgnoreCase)
    {
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    };

    private static readonly string[] AfterComma = [" dd MMM yyyy HH:mm:ss 'GMT'", " dd-MMM-yy HH:mm:ss 'GMT'"];
    private static readonly string[] AfterSpace = [" MMM dd HH:mm:ss yyyy", " MMM  d HH:mm:ss yyyy"];

    /// <summary>A year of two digits that would be more than 50 years ahead is past.</summary>
    private static readonly CultureInfo English = new("")
    {
        DateTimeFormat = { Calendar = new GregorianCalendar { TwoDigitYearMax = DateTime.UtcNow.Year + 50 } },
    };

    /// <summary>Returns null if the field is missing, appears more than once or cannot be read.</summary>
    public static DateTimeOffset? Parse(StringValues lines)
    {
        if (lines.Count != 1 || lines[0] is not { Length: > 20 and < 40 } text)
        {
            return null;
        }

        // "R" is the first form, and quicker.
        if (DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return date;
        }

        var end = text.AsSpan().IndexOfAny(", ");
        if (end < 0 || !Days.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(0, end)))
        {
            return null;
        }

        var isAfterComma = text[end] == ',';
        var rest = text[(isAfterComma ? end + 1 : end)..];
        if (isAfterComma && rest.EndsWith("GMT", StringComparison.OrdinalIgnoreCase))
        {
            rest = $"{rest.AsSpan(0, rest.Length - 3)}GMT";
        }

        return DateTimeOffset.TryParseExact(
            rest, isAfterComma ? AfterComma : AfterSpace, English, DateTimeStyles.AssumeUniversal, out date) ? date : null;
    }
}
