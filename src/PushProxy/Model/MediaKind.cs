using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>Finds out what kind of resource an answer is, by its Content-Type (MIME Sniffing §4.6, §4.5).</summary>
internal static class MediaKind
{
    private static readonly HashSet<string> Scripts = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript", "text/ecmascript",
        "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
        "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript", "text/x-javascript",
    };

    /// <returns>The kind; null if it is not a stylesheet, script, font or image, or the type is missing.</returns>
    public static ResourceKind? Of(string? contentType)
    {
        if (contentType is null)
        {
            return null;
        }

        // A list of types is none: nothing says which of them is meant.
        var essence = contentType.Split(';', 2)[0].Trim();
        return essence.Contains(',', StringComparison.Ordinal) ? null
            : essence.Equals("text/css", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Style
            : Scripts.Contains(essence) ? ResourceKind.Script
            : IsFont(essence) ? ResourceKind.Font
            : essence.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? ResourceKind.Image
            : null;
    }

    /// <summary>Returns whether an answer of this type can be used as that kind of resource.</summary>
    /// <param name="contentType">The Content-Type field; null if the answer has none. Then it fits nothing.</param>
    /// <param name="kind">What the page wants it for.</param>
    public static bool Fits(string? contentType, ResourceKind kind) =>
        Of(contentType) == kind || (kind == ResourceKind.Font && IsAnyBytes(contentType));

    // Browsers do not look at the type of a font, and servers that do not know fonts send them as this.
    private static bool IsAnyBytes(string? contentType) =>
        contentType?.Split(';', 2)[0].Trim().Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsFont(string essence) =>
        essence.StartsWith("font/", StringComparison.OrdinalIgnoreCase)
        || essence.StartsWith("application/font-", StringComparison.OrdinalIgnoreCase)
        || essence.StartsWith("application/x-font-", StringComparison.OrdinalIgnoreCase)
        || essence.Equals("application/vnd.ms-fontobject", StringComparison.OrdinalIgnoreCase);
}
