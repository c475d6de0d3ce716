using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Fonts;

/// <summary>One source of a font.</summary>
/// <param name="Url">As written.</param>
/// <param name="Type">The MIME type of its format; null where it is not stated.</param>
/// <param name="IsAfterLocal">Whether a browser takes an installed font before it (<c>local()</c>), if there is one.</param>
internal sealed record FontSource(string Url, string? Type, bool IsAfterLocal = false)
{
    private const int MaxSources = 32;

    /// <summary>
    /// The sources a <c>src</c> lists, the one a browser takes first: the first with a URL whose format it reads (CSS Fonts 4 §4.3.1).
    /// Empty if browsers can read none of the sources.
    /// </summary>
    public static List<FontSource> Read(string descriptor)
    {
        var sources = new List<FontSource>();
        var isAfterLocal = false;
        foreach (var part in CssText.SplitAtCommas(descriptor).Take(MaxSources))
        {
            isAfterLocal |= part.AsSpan().TrimStart().StartsWith("local(", StringComparison.OrdinalIgnoreCase);
            if (CssText.Urls(part).FirstOrDefault() is { Length: > 0 } url && FormatOf(part) is var (isKnown, type) && isKnown)
            {
                sources.Add(new(url, type, isAfterLocal));
            }
        }

        return sources;
    }

    /// <summary>Whether browsers read fonts of a MIME type.</summary>
    public static bool IsSupportedType(string type) =>
        type is "font/woff2" or "font/woff" or "font/ttf" or "font/otf" or "font/sfnt" or "font/collection"
        or "application/font-woff" or "application/font-woff2" or "application/x-font-woff" or "application/x-font-ttf"
        or "application/font-sfnt"
        or "application/x-font-opentype" or "application/x-font-truetype";

    private static (bool IsKnown, string? Type) FormatOf(string part)
    {
        var at = part.LastIndexOf("format(", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return (true, null);
        }

        var end = part.IndexOf(')', at);
        return part[(at + 7)..(end < 0 ? part.Length : end)].Trim(' ', '"', '\'').ToLowerInvariant() switch
        {
            "woff2" or "woff2-variations" => (true, "font/woff2"),
            "woff" or "woff-variations" => (true, "font/woff"),
            "truetype" or "truetype-variations" => (true, "font/ttf"),
            "opentype" or "opentype-variations" => (true, "font/otf"),
            "collection" => (true, "font/collection"),
            _ => (false, null),
        };
    }
}
