using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// Tells by its <c>Content-Type</c> as what kinds of resources a response can be used. What the client says it wants does not count,
/// because a client may say anything.
/// </summary>
internal static class ResourceTypes
{
    // The JavaScript MIME types (MIME Sniffing §4.6).
    private static readonly HashSet<string> Scripts = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript", "text/ecmascript",
        "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
        "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript", "text/x-javascript",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ScriptLookup =
        Scripts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns whether a response with this type can be used as that kind of resource.</summary>
    /// <param name="contentType">The Content-Type field; null if the response has none. Then it fits nothing.</param>
    /// <param name="kind">The kind.</param>
    public static bool Fits(string? contentType, ResourceKind kind)
    {
        var type = contentType.AsSpan();
        type = (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim(" \t");
        return kind switch
        {
            ResourceKind.Style => type.Equals("text/css", StringComparison.OrdinalIgnoreCase),
            ResourceKind.Script => ScriptLookup.Contains(type),
            ResourceKind.Image => type.StartsWith("image/", StringComparison.OrdinalIgnoreCase),
            ResourceKind.Font => IsFont(type),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    // Browsers do not look at the type of a font. Servers that do not know fonts send them as octet-stream.
    private static bool IsFont(ReadOnlySpan<char> type) =>
        type.StartsWith("font/", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("application/font-", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("application/x-font-", StringComparison.OrdinalIgnoreCase)
        || type.Equals("application/vnd.ms-fontobject", StringComparison.OrdinalIgnoreCase)
        || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);
}
