using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PushProxy.Model;

/// <summary>Reads dates in header fields (RFC 9110 §5.6.7).</summary>
internal static class HttpDate
{
    /// <summary>Returns null if the field is missing, appears more than once or cannot be read.</summary>
    public static DateTimeOffset? Parse(StringValues lines) =>
        lines.Count == 1 && HeaderUtilities.TryParseDate(lines[0], out var date) ? date : null;
}
