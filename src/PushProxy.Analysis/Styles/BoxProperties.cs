using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Styles;

/// <summary>Sizes, margins, paddings and offsets.</summary>
internal static class BoxProperties
{
    /// <summary>The length that a property sets; null for other properties.</summary>
    public static BoxLength? Find(CssProperty property) => property switch
    {
        CssProperty.Width => BoxLength.Width,
        CssProperty.MinWidth => BoxLength.MinWidth,
        CssProperty.MaxWidth => BoxLength.MaxWidth,
        CssProperty.Height => BoxLength.Height,
        CssProperty.MinHeight => BoxLength.MinHeight,
        CssProperty.MaxHeight => BoxLength.MaxHeight,
        CssProperty.FlexBasis => BoxLength.FlexBasis,
        CssProperty.Gap => BoxLength.Gap,
        CssProperty.MarginTop => BoxLength.MarginTop,
        CssProperty.MarginRight => BoxLength.MarginRight,
        CssProperty.MarginBottom => BoxLength.MarginBottom,
        CssProperty.MarginLeft => BoxLength.MarginLeft,
        CssProperty.PaddingTop => BoxLength.PaddingTop,
        CssProperty.PaddingRight => BoxLength.PaddingRight,
        CssProperty.PaddingBottom => BoxLength.PaddingBottom,
        CssProperty.PaddingLeft => BoxLength.PaddingLeft,
        CssProperty.Top => BoxLength.Top,
        CssProperty.Right => BoxLength.Right,
        CssProperty.Bottom => BoxLength.Bottom,
        CssProperty.Left => BoxLength.Left,
        _ => null,
    };

    /// <summary>Whether the value is a length, or a keyword that stands for none.</summary>
    public static bool Read(string value) => value.Length > 0 && !value.Contains('\\', StringComparison.Ordinal);

    /// <summary>One to four lengths for four sides.</summary>
    public static void SetSides(ComputedStyle style, Declaration declaration)
    {
        var lengths = declaration.Parsed(value => CssText.Words(value).Select(CssLength.Parse).ToArray())!;
        if (lengths.Length is 0 or > 4)
        {
            return;
        }

        var first = declaration.Property switch
        {
            CssProperty.Margin => BoxLength.MarginTop,
            CssProperty.Padding => BoxLength.PaddingTop,
            _ => BoxLength.Top,
        };
        style[first] = lengths[0];
        style[first + 1] = lengths[lengths.Length > 1 ? 1 : 0];
        style[first + 2] = lengths[lengths.Length > 2 ? 2 : 0];
        style[first + 3] = lengths[lengths.Length > 3 ? 3 : lengths.Length > 1 ? 1 : 0];
    }
}
