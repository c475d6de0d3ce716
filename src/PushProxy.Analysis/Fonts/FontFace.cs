using PushProxy.Analysis.Css;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;

namespace PushProxy.Analysis.Fonts;

/// <summary>A font that text can be displayed in.</summary>
/// <param name="Sources">Where it is, the one a browser takes first.</param>
/// <param name="Sheet">The stylesheet that names it.</param>
/// <param name="MinWeight">The lightest weight it is made for.</param>
/// <param name="MaxWeight">The heaviest weight it is made for.</param>
/// <param name="IsItalic">Whether it is italic or oblique.</param>
/// <param name="Ranges">The characters it is used for.</param>
internal sealed record FontFace(
    List<FontSource> Sources, AppliedSheet Sheet, int MinWeight, int MaxWeight, bool IsItalic, UnicodeRanges Ranges)
{
    /// <summary>Whether text is shown in another font until this one is there (CSS Fonts 4 §11.2: swap, fallback, optional).</summary>
    public bool ShowsFallback { get; private init; }

    /// <summary>Makes one of a rule; null where no source is one a browser could take.</summary>
    public static FontFace? Of(FontFaceRule rule, AppliedSheet sheet) =>
        rule.Read(static rule => new Descriptors(rule)) is { Sources.Count: > 0 } read
            ? new(read.Sources, sheet, read.MinWeight, read.MaxWeight, read.IsItalic, read.Ranges) { ShowsFallback = read.ShowsFallback }
            : null;

    /// <summary>How far the face is from a weight (CSS Fonts 4 §5.2): of two faces the one with the lower number is taken.</summary>
    public int DistanceFrom(int weight)
    {
        if (weight >= MinWeight && weight <= MaxWeight)
        {
            return 0;
        }

        const int WrongWay = 1000;
        var (heavier, lighter) = (MinWeight - weight, weight - MaxWeight);
        return weight switch
        {
            // The next heavier one up to 500, then the next lighter, then the rest.
            >= 400 and <= 500 => heavier > 0 ? (MinWeight <= 500 ? heavier : heavier + (2 * WrongWay)) : lighter + WrongWay,
            < 400 => lighter > 0 ? lighter : heavier + WrongWay,
            _ => heavier > 0 ? heavier : lighter + WrongWay,
        };
    }

    // What a rule says, whoever uses its stylesheet.
    private sealed class Descriptors
    {
        public Descriptors(FontFaceRule rule)
        {
            var weights = CssText.Words(rule.Weight ?? "400").Select(word => FontProperties.Weight(word, 400)).ToArray();
            var (min, max) = (weights.FirstOrDefault() ?? 400, weights.LastOrDefault() ?? 400);
            (MinWeight, MaxWeight) = (Math.Min(min, max), Math.Max(min, max));
            Sources = FontSource.Read(rule.Source);
            IsItalic = rule.Style is { } style && FontProperties.IsSlanted(style);
            Ranges = UnicodeRanges.Parse(rule.Range);
            ShowsFallback = rule.Display?.Trim().ToLowerInvariant() is "swap" or "fallback" or "optional";
        }

        public List<FontSource> Sources { get; }

        public int MinWeight { get; }

        public int MaxWeight { get; }

        public bool IsItalic { get; }

        public UnicodeRanges Ranges { get; }

        public bool ShowsFallback { get; }
    }
}
