using System.Collections.Frozen;

namespace PushProxy.Analysis.Css;

/// <summary>The properties that decide which fonts and images a page needs. Declarations of others are not kept.</summary>
internal enum CssProperty
{
    /// <summary>A custom property, <c>--name</c>.</summary>
    Custom,

#pragma warning disable CS1591, SA1602 // Each is the CSS property of its name.
    AspectRatio, Background, BackgroundImage, BackgroundSize, Bottom, BoxSizing, Clear, Content, Display,
    Flex, FlexBasis, FlexDirection, FlexFlow, FlexGrow, FlexWrap, Float, Font, FontFamily, FontSize, FontStyle, FontWeight,
    Gap, GridTemplateColumns, Height, Inset, Left, LineHeight, Margin, MarginBottom, MarginLeft, MarginRight, MarginTop,
    MaxHeight, MaxWidth, MinHeight, MinWidth, Opacity, Padding, PaddingBottom, PaddingLeft, PaddingRight, PaddingTop,
    Position, Right, TextTransform, Top, Visibility, Width,
#pragma warning restore CS1591, SA1602
}

/// <summary>Finds properties by name.</summary>
internal static class CssProperties
{
    private static readonly FrozenDictionary<string, CssProperty> Names = Enum.GetValues<CssProperty>()
        .Where(property => property != CssProperty.Custom)
        .ToFrozenDictionary(property => Kebab(property.ToString()), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, CssProperty>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The property of a name, whatever its case.</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out CssProperty property)
    {
        property = CssProperty.Custom;
        return name.StartsWith("--") ? name.Length > 2 : ByName.TryGetValue(name, out property);
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
