using PushProxy.Analysis.Css;
using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Styles;

/// <summary>How an element lays out what is in it, and is laid out itself; what makes no difference here is one.</summary>
internal enum Display
{
#pragma warning disable CS1591, SA1602 // Each is the CSS value of its name.
    None, Inline, InlineBlock, Block, Flex, Grid, Table, TableRow, TableCell, Contents,
#pragma warning restore CS1591, SA1602
}

/// <summary>What is known of an element's style: the properties that decide which fonts and images it needs.</summary>
internal sealed class ComputedStyle
{
    // Most elements have no lengths of their own.
    private CssLength?[]? _box;

    /// <summary>The style of the document's root before any rule.</summary>
    public static ComputedStyle Initial { get; } = new();

    // Inherited.

    /// <summary><c>font-family</c> as written; null for the browser's own.</summary>
    public string? FontFamily { get; set; }

    /// <summary><c>font-weight</c>, 1 to 1,000.</summary>
    public int FontWeight { get; set; } = 400;

    /// <summary>Whether <c>font-style</c> is italic or oblique.</summary>
    public bool IsItalic { get; set; }

    /// <summary><c>font-size</c> in CSS pixels.</summary>
    public double FontSize { get; set; } = 16;

    /// <summary><c>line-height</c>, as a factor of the font size.</summary>
    public double LineHeight { get; set; } = 1.2;

    /// <summary>Whether <c>visibility</c> is visible.</summary>
    public bool IsVisible { get; set; } = true;

    /// <summary>Whether <c>text-transform</c> is uppercase.</summary>
    public bool IsUppercase { get; set; }

    /// <summary>The custom properties.</summary>
    public VariableScope? Variables { get; set; }

    /// <summary>Whether the element or one around it has <c>opacity: 0</c>, or is not visible: it is laid out but not seen.</summary>
    public bool IsTransparent { get; set; }

    // Not inherited.

    /// <summary><c>display</c>.</summary>
    public Display Display { get; set; } = Display.Inline;

    /// <summary><c>content</c> of a pseudo-element; null for none.</summary>
    public string? Content { get; set; }

    /// <summary>The URL of the first background image, as written; null for none.</summary>
    public string? BackgroundUrl { get; set; }

    /// <summary>The stylesheet that <see cref="BackgroundUrl"/> stands in; null for the document.</summary>
    public AppliedSheet? BackgroundSheet { get; set; }

    /// <summary>Whether the background is stretched or fitted to the element (<c>background-size</c>).</summary>
    public bool IsBackgroundSized { get; set; }

    /// <summary>Whether <c>position</c> takes it out of the flow: absolute or fixed.</summary>
    public bool IsOutOfFlow { get; set; }

    /// <summary>Whether <c>position</c> is fixed.</summary>
    public bool IsFixed { get; set; }

    /// <summary>Whether positioned elements in it are placed by it.</summary>
    public bool IsContainingBlock { get; set; }

    /// <summary>Whether <c>float</c> puts it on a side.</summary>
    public bool IsFloating { get; set; }

    /// <summary>Whether <c>float</c> puts it on the right side.</summary>
    public bool FloatsRight { get; set; }

    /// <summary>Whether <c>clear</c> puts it below what floats.</summary>
    public bool Clears { get; set; }

    /// <summary>Whether <c>box-sizing</c> is border-box.</summary>
    public bool IsBorderBox { get; set; }

    /// <summary>Whether a flex container stacks its items (<c>flex-direction: column</c>).</summary>
    public bool IsColumn { get; set; }

    /// <summary>Whether a flex container wraps.</summary>
    public bool Wraps { get; set; }

    /// <summary><c>flex-grow</c>.</summary>
    public double FlexGrow { get; set; }

    /// <summary><c>aspect-ratio</c>, width by height; null for auto.</summary>
    public double? AspectRatio { get; set; }

    /// <summary>How many columns a grid has; 1 where that is not known.</summary>
    public int GridColumns { get; set; } = 1;

    /// <summary>A size, margin, padding or offset; null for auto or none.</summary>
    public CssLength? this[BoxLength length]
    {
        get => _box?[(int)length];
        set
        {
            if (value is not null || _box is not null)
            {
                (_box ??= new CssLength?[(int)BoxLength.Count])[(int)length] = value;
            }
        }
    }

    /// <summary>The style of an element in this one before any rule: inherited properties and initial values.</summary>
    public ComputedStyle Inherit() => new()
    {
        FontFamily = FontFamily,
        FontWeight = FontWeight,
        IsItalic = IsItalic,
        FontSize = FontSize,
        LineHeight = LineHeight,
        IsVisible = IsVisible,
        IsUppercase = IsUppercase,
        Variables = Variables,
        IsTransparent = IsTransparent,
    };
}

/// <summary>The lengths of a box.</summary>
internal enum BoxLength
{
#pragma warning disable CS1591, SA1602 // Each is the CSS property of its name.
    Width, MinWidth, MaxWidth, Height, MinHeight, MaxHeight, FlexBasis, Gap,
    MarginTop, MarginRight, MarginBottom, MarginLeft, PaddingTop, PaddingRight, PaddingBottom, PaddingLeft,
    Top, Right, Bottom, Left, Count,
#pragma warning restore CS1591, SA1602
}
