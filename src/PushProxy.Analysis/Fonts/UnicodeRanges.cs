using System.Globalization;

namespace PushProxy.Analysis.Fonts;

/// <summary>A <c>unicode-range</c> (CSS Fonts 4 §4.5).</summary>
internal sealed class UnicodeRanges
{
    private const int MaxRanges = 2000;

    private readonly List<(int First, int Last)> _ranges = [];

    /// <summary>Every character.</summary>
    public static UnicodeRanges Everything { get; } = new() { _ranges = { (0, 0x10FFFF) } };

    /// <summary>The ranges, from the first to the last character of each.</summary>
    public IReadOnlyList<(int First, int Last)> All => _ranges;

    /// <summary>Reads a descriptor; null is every character, and so is one that is not valid: it is ignored.</summary>
    public static UnicodeRanges Parse(string? descriptor)
    {
        if (descriptor is null)
        {
            return Everything;
        }

        var ranges = new UnicodeRanges();
        foreach (var part in descriptor.Split(',').Take(MaxRanges))
        {
            if (Range(part.Trim()) is not { } range)
            {
                return Everything;
            }

            ranges._ranges.Add(range);
        }

        return ranges;
    }

    // "U+26", "U+0025-00FF", "U+4??".
    private static (int, int)? Range(string text)
    {
        if (text.Length < 3 || text[0] is not ('U' or 'u') || text[1] != '+')
        {
            return null;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var from = text[2..(dash < 0 ? text.Length : dash)];
        var (low, high) = dash < 0 ? (from.Replace('?', '0'), from.Replace('?', 'F')) : (from, text[(dash + 1)..]);
        return low.Length <= 6 && int.TryParse(low, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)
            && high.Length <= 6 && int.TryParse(high, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var last)
            && first <= last
            ? (first, last)
            : null;
    }
}
