using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PushProxy.Model;

/// <summary>Dates in header fields (RFC 9110 §5.6.7).</summary>
internal static class HttpDate
{
    /// <summary>Null where there is none, more than one, or one that can't be read.</summary>
    public static DateTimeOffset? Parse(StringValues lines) =>
        lines.Count == 1 && HeaderUtilities.TryParseDate(lines[0], out var date) ? date : null;
}
