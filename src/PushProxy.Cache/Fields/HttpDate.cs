using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Fields;

/// <summary>
/// Reads dates in header fields (RFC 9110 §5.6.7). The framework's own parser takes more than the three forms, and a date that should have
/// been none makes a response fresh.
/// </summary>
internal static class HttpDate
{
    private static readonly string[] Forms =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM dd HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy",
    ];

    /// <summary>Returns null if the field is missing, appears more than once or cannot be read.</summary>
    public static DateTimeOffset? Parse(StringValues lines)
    {
        if (lines.Count != 1 || lines[0] is not { Length: > 20 and < 40 } text)
        {
            return null;
        }

        if (text.EndsWith("GMT", StringComparison.OrdinalIgnoreCase))
        {
            text = $"{text.AsSpan(0, text.Length - 3)}GMT";
        }

        // "R" is the first form, and quicker.
        return DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            || DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date)
            ? date : null;
    }
}
