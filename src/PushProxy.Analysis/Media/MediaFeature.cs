using System.Collections.Frozen;

namespace PushProxy.Analysis.Media;

/// <summary>
/// The media features that Chromium knows, and their values. A query about another one matches nothing, which is how old
/// hacks such as <c>(-ms-high-contrast: none)</c> keep a sheet from every browser but one.
/// </summary>
internal static class MediaFeature
{
    // Features with an order: "min-" and "max-" go with them, and "<", ">", "=".
    private static readonly FrozenDictionary<string, MediaValue> Ranges = new Dictionary<string, MediaValue>
    {
        ["width"] = MediaValue.Length,
        ["height"] = MediaValue.Length,
        ["device-width"] = MediaValue.Length,
        ["device-height"] = MediaValue.Length,
        ["aspect-ratio"] = MediaValue.Ratio,
        ["device-aspect-ratio"] = MediaValue.Ratio,
        ["resolution"] = MediaValue.Resolution,
        ["-webkit-device-pixel-ratio"] = MediaValue.Number,
        ["color"] = MediaValue.Number,
        ["color-index"] = MediaValue.Number,
        ["monochrome"] = MediaValue.Number,
        ["horizontal-viewport-segments"] = MediaValue.Number,
        ["vertical-viewport-segments"] = MediaValue.Number,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string[]> Keywords = new Dictionary<string, string[]>
    {
        ["orientation"] = ["portrait", "landscape"],
        ["hover"] = ["none", "hover"],
        ["any-hover"] = ["none", "hover"],
        ["pointer"] = ["none", "coarse", "fine"],
        ["any-pointer"] = ["none", "coarse", "fine"],
        ["update"] = ["none", "slow", "fast"],
        ["grid"] = ["0", "1"],
        ["scan"] = ["interlace", "progressive"],
        ["color-gamut"] = ["srgb", "p3", "rec2020"],
        ["dynamic-range"] = ["standard", "high"],
        ["scripting"] = ["none", "initial-only", "enabled"],
        ["overflow-block"] = ["none", "scroll", "paged"],
        ["overflow-inline"] = ["none", "scroll"],
        ["display-mode"] = ["fullscreen", "standalone", "minimal-ui", "browser", "window-controls-overlay", "picture-in-picture"],
        ["forced-colors"] = ["none", "active"],
        ["prefers-color-scheme"] = ["light", "dark"],
        ["prefers-contrast"] = ["no-preference", "more", "less", "custom"],
        ["prefers-reduced-motion"] = ["no-preference", "reduce"],
        ["prefers-reduced-transparency"] = ["no-preference", "reduce"],
        ["device-posture"] = ["continuous", "folded"],
        ["-webkit-transform-3d"] = ["0", "1"],
    }.ToFrozenDictionary();

    /// <summary>Whether a browser knows the feature and the value it is compared with.</summary>
    /// <param name="text">What stands between the brackets.</param>
    public static bool IsKnown(ReadOnlySpan<char> text)
    {
        var feature = text.ToString();
        if (feature.AsSpan().IndexOfAny('<', '>', '=') >= 0)
        {
            return IsRange(feature);
        }

        var colon = feature.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return Ranges.ContainsKey(feature) || Keywords.ContainsKey(feature);
        }

        var name = feature[..colon].TrimEnd();
        var value = feature[(colon + 1)..].TrimStart();
        return Keywords.TryGetValue(name, out var keywords)
            ? keywords.Contains(value)
            : Ranges.TryGetValue(WithoutPrefix(name), out var kind) && kind.Accepts(value);
    }

    // "width > 1px", "1px < width", "1px < width <= 9px".
    private static bool IsRange(string text)
    {
        var parts = new List<string>();
        var operators = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '<' or '>' or '=')
            {
                parts.Add(text[start..i].Trim());
                var length = text[i] != '=' && i + 1 < text.Length && text[i + 1] == '=' ? 2 : 1;
                operators.Add(text.Substring(i, length));
                start = i + length;
                i = start - 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts switch
        {
            [var one, var other] => Accepts(one, other) || Accepts(other, one),
            [var low, var name, var high] =>
                operators[0][0] == operators[1][0] && operators[0] != "=" && Accepts(name, low) && Accepts(name, high),
            _ => false,
        };
    }

    private static bool Accepts(string name, string value) => Ranges.TryGetValue(name, out var kind) && kind.Accepts(value);

    /// <summary>The feature's own name: without <c>min-</c> or <c>max-</c>, which Chromium also has behind <c>-webkit-</c>.</summary>
    public static string WithoutPrefix(string name) =>
        name.StartsWith("-webkit-min-", StringComparison.Ordinal) || name.StartsWith("-webkit-max-", StringComparison.Ordinal)
            ? "-webkit-" + name[12..]
        : name.StartsWith("min-", StringComparison.Ordinal) || name.StartsWith("max-", StringComparison.Ordinal) ? name[4..]
        : name;
}
