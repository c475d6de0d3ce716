using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Sizes of boxes by their styles (CSS Sizing 3), all of border boxes; borders themselves are left out.</summary>
/// <param name="resolver">Knows what lengths are relative to.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class BoxSizes(StyleResolver resolver, AnalysisBudget budget)
{
    /// <summary>The margins; auto is 0.</summary>
    public Edges Margins(ComputedStyle style, double width) => Sides(style, BoxLength.MarginTop, width);

    /// <summary>The paddings.</summary>
    public Edges Paddings(ComputedStyle style, double width) => Sides(style, BoxLength.PaddingTop, width);

    /// <summary>A length; null where it is not set, or relative to something that is not known.</summary>
    public double? Length(ComputedStyle style, BoxLength name, double? percentBase) =>
        style[name] is { } length && (percentBase is not null || !length.HasPercentage) && budget.Spend(AnalysisCost.Layout, length.Parts)
        ? length.Resolve(resolver.ContextOf(style), percentBase ?? 0)
        : null;

    /// <summary>The width that <c>width</c> sets; null for auto.</summary>
    public double? Width(ComputedStyle style, double available) =>
        Outer(style, Length(style, BoxLength.Width, available), Paddings(style, available).Horizontal);

    /// <summary>A width within <c>min-width</c> and <c>max-width</c>.</summary>
    public double ClampWidth(ComputedStyle style, double width, double available)
    {
        var padding = Paddings(style, available).Horizontal;
        var max = Outer(style, Length(style, BoxLength.MaxWidth, available), padding) ?? double.MaxValue;
        var min = Outer(style, Length(style, BoxLength.MinWidth, available), padding) ?? 0;
        return Math.Max(min, Math.Min(max, width));
    }

    /// <summary>The height that <c>height</c> sets; null for auto.</summary>
    public double? Height(ComputedStyle style, double? heightBase, double width) =>
        Outer(style, Length(style, BoxLength.Height, heightBase), Paddings(style, width).Vertical);

    /// <summary>A height within <c>min-height</c> and <c>max-height</c>.</summary>
    public double ClampHeight(ComputedStyle style, double height, double? heightBase, double width)
    {
        var padding = Paddings(style, width).Vertical;
        var max = Outer(style, Length(style, BoxLength.MaxHeight, heightBase), padding) ?? double.MaxValue;
        var min = Outer(style, Length(style, BoxLength.MinHeight, heightBase), padding) ?? 0;
        return Math.Max(min, Math.Min(max, height));
    }

    /// <summary>The size of an image, video or the like, in a place so wide.</summary>
    /// <param name="node">The element.</param>
    /// <param name="style">Its style.</param>
    /// <param name="natural">Its own size; null where that is not known.</param>
    /// <param name="available">The width of its place.</param>
    /// <param name="heightBase">The height of its place; null where that is not known.</param>
    public (double Width, double Height) Replaced(
        TreeNode node, ComputedStyle style, ImageSize? natural, double available, double? heightBase)
    {
        var ratio = style.AspectRatio ?? RatioOf(node) ?? (natural is { Width: > 0, Height: > 0 } size ? size.Width / size.Height : null);
        var width = Width(style, available);
        var height = Height(style, heightBase, available);
        var known = natural ?? ReplacedElements.UsualSize(node);
        if (width is null)
        {
            width = height is { } h ? h * (ratio ?? known.Width / Math.Max(1, known.Height)) : known.Width;
        }

        var clamped = ClampWidth(style, width.Value, available);
        var result = height ?? clamped / (ratio ?? known.Width / Math.Max(1, known.Height));
        return (clamped, ClampHeight(style, result, heightBase, available));
    }

    // The attributes of an image give its ratio where CSS gives it another width (HTML §15.4.3).
    private static double? RatioOf(TreeNode node) =>
        double.TryParse(node.Attribute("width"), System.Globalization.CultureInfo.InvariantCulture, out var width)
        && double.TryParse(node.Attribute("height"), System.Globalization.CultureInfo.InvariantCulture, out var height)
        && width > 0 && height > 0
            ? width / height
            : null;

    private static double? Outer(ComputedStyle style, double? size, double padding) =>
        size is null ? null : Math.Max(0, style.IsBorderBox ? Math.Max(size.Value, padding) : size.Value + padding);

    private Edges Sides(ComputedStyle style, BoxLength first, double width) => new(
        Length(style, first, width) ?? 0,
        Length(style, first + 1, width) ?? 0,
        Length(style, first + 2, width) ?? 0,
        Length(style, first + 3, width) ?? 0);
}
