using System.Globalization;

namespace PushProxy.Analysis.Media;

/// <summary>A kind of value that a media feature is compared with (Media Queries 4, §2.4).</summary>
internal enum MediaValue
{
    /// <summary>A number with a unit of length, or 0.</summary>
    Length,

    /// <summary>A number, or two with a slash between them.</summary>
    Ratio,

    /// <summary>A number with a unit of resolution.</summary>
    Resolution,

    /// <summary>A number.</summary>
    Number,
}

/// <summary>Recognises values.</summary>
internal static class MediaValues
{
    private static readonly string[] LengthUnits =
        ["", "px", "em", "rem", "ex", "ch", "ic", "lh", "rlh", "vw", "vh", "vi", "vb", "vmin", "vmax", "cm", "mm", "q", "in", "pt", "pc"];

    private static readonly string[] ResolutionUnits = ["dpi", "dpcm", "dppx", "x"];

    /// <summary>Whether a text is a value of the kind.</summary>
    public static bool Accepts(this MediaValue kind, string text)
    {
        // What a function computes can't be seen here; one that makes no sense is the page's own fault.
        if (text.EndsWith(')') && (text.StartsWith("calc(", StringComparison.Ordinal) || text.StartsWith("min(", StringComparison.Ordinal)
            || text.StartsWith("max(", StringComparison.Ordinal) || text.StartsWith("clamp(", StringComparison.Ordinal)))
        {
            return true;
        }

        return kind switch
        {
            MediaValue.Length =>
                IsNumber(text, out var number, out var unit) && LengthUnits.Contains(unit) && (unit.Length > 0 || number == 0),
            MediaValue.Resolution => IsNumber(text, out _, out var unit) && ResolutionUnits.Contains(unit),
            MediaValue.Ratio =>
                text.Split('/') is { Length: 1 or 2 } parts
                    && parts.All(part => IsNumber(part.Trim(), out _, out var unit) && unit.Length == 0),
            _ => IsNumber(text, out _, out var unit) && unit.Length == 0,
        };
    }

    private static bool IsNumber(string text, out double number, out string unit)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
        {
            end--;
        }

        unit = text[end..];
        return double.TryParse(
            text.AsSpan(0, end), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
