using System.Collections.Frozen;
using System.Globalization;
using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Media;

/// <summary>Whether a client has a media feature. Only for features and values that <see cref="MediaFeature.IsKnown"/>.</summary>
internal static class MediaMatch
{
    private static readonly FrozenDictionary<string, string> Usual = new Dictionary<string, string>
    {
        ["update"] = "fast",
        ["grid"] = "0",
        ["scan"] = "progressive",
        ["color-gamut"] = "srgb",
        ["dynamic-range"] = "standard",
        ["scripting"] = "enabled",
        ["overflow-block"] = "scroll",
        ["overflow-inline"] = "scroll",
        ["display-mode"] = "browser",
        ["forced-colors"] = "none",
        ["prefers-color-scheme"] = "light",
        ["prefers-contrast"] = "no-preference",
        ["prefers-reduced-motion"] = "no-preference",
        ["prefers-reduced-transparency"] = "no-preference",
        ["device-posture"] = "continuous",
        ["-webkit-transform-3d"] = "1",
    }.ToFrozenDictionary();

    /// <summary>Whether the client fulfils what stands between the brackets.</summary>
    public static bool Fulfils(string text, ClientProfile client)
    {
        if (text.AsSpan().IndexOfAny('<', '>', '=') >= 0)
        {
            return Range(text, client);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon].TrimEnd();
        var value = colon < 0 ? null : text[(colon + 1)..].TrimStart();
        if (Keyword(name, client) is { } keyword)
        {
            return value is null ? keyword is not ("none" or "0" or "no-preference") : value == keyword;
        }

        var plain = MediaFeature.WithoutPrefix(name);
        var actual = Number(plain, client);
        if (value is null || Value(plain, value, client) is not { } wanted)
        {
            return value is null && actual != 0;
        }

        return name.Contains("min-", StringComparison.Ordinal) ? actual >= wanted
            : name.Contains("max-", StringComparison.Ordinal) ? actual <= wanted
            : actual == wanted;
    }

    // "width > 1px", "1px < width", "1px < width <= 9px".
    private static bool Range(string text, ClientProfile client)
    {
        var parts = text.Split('<', '>', '=').Select(part => part.Trim()).Where(part => part.Length > 0).ToArray();
        var at = Array.FindIndex(parts, part => char.IsAsciiLetter(part[0]) && !part.EndsWith(')'));
        if (at < 0 || (parts.Length == 3 && at != 1))
        {
            return false;
        }

        var position = text.IndexOf(parts[at], StringComparison.Ordinal);
        var left = text[..position].IndexOfAny(['<', '>', '=']) is >= 0 and var l ? text[l..position].Trim() : null;
        var right = text[(position + parts[at].Length)..].TrimStart();
        var sign = right.Length > 0 ? right[..(right.Length > 1 && right[1] == '=' ? 2 : 1)] : null;
        return (left is null || Compare(parts[0], left, parts[at], client, isLeft: true))
            && (sign is null || Compare(parts[^1], sign, parts[at], client, isLeft: false));
    }

    private static bool Compare(string value, string sign, string name, ClientProfile client, bool isLeft)
    {
        sign = string.Concat(sign.TakeWhile(c => c is '<' or '>' or '='));
        if (Value(name, value, client) is not { } wanted)
        {
            return false;
        }

        var (one, other) = isLeft ? (wanted, Number(name, client)) : (Number(name, client), wanted);
        return sign switch { "<" => one < other, "<=" => one <= other, ">" => one > other, ">=" => one >= other, _ => one == other };
    }

    private static string? Keyword(string name, ClientProfile client) => name switch
    {
        "orientation" => client.Height >= client.Width ? "portrait" : "landscape",
        "hover" or "any-hover" => client.IsTouch ? "none" : "hover",
        "pointer" or "any-pointer" => client.IsTouch ? "coarse" : "fine",
        _ => Usual.GetValueOrDefault(name),
    };

    private static double Number(string name, ClientProfile client) => name switch
    {
        "width" or "device-width" => client.Width,
        "height" or "device-height" => client.Height,
        "aspect-ratio" or "device-aspect-ratio" => (double)client.Width / client.Height,
        "resolution" or "-webkit-device-pixel-ratio" => client.PixelRatio,
        "color" => 8,
        "horizontal-viewport-segments" or "vertical-viewport-segments" => 1,
        _ => 0,
    };

    private static double? Value(string name, string text, ClientProfile client)
    {
        switch (name)
        {
            case "width" or "height" or "device-width" or "device-height":
                return CssLength.Parse(text)?.Resolve(new(16, 16, client.Width, client.Height), 0);
            case "aspect-ratio" or "device-aspect-ratio":
                var sides = text.Split('/');
                return Plain(sides[0]) / (sides.Length == 2 ? Plain(sides[1]) : 1);
            case "resolution":
                return text.EndsWith("dppx", StringComparison.Ordinal) ? Plain(text[..^4])
                    : text.EndsWith("dpcm", StringComparison.Ordinal) ? Plain(text[..^4]) * 2.54 / 96
                    : text.EndsWith("dpi", StringComparison.Ordinal) ? Plain(text[..^3]) / 96
                    : Plain(text.TrimEnd('x'));
            default:
                return Plain(text);
        }
    }

    private static double? Plain(string text) =>
        double.TryParse(
            text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
