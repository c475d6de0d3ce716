using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Items in rows or in a column (CSS Flexbox 1 §9): their basis, then growing and shrinking, then stretching.</summary>
/// <param name="layout">Places what is in it.</param>
/// <param name="node">The container.</param>
/// <param name="style">Its style.</param>
/// <param name="place">Where the content goes; its height is not looked at.</param>
/// <param name="height">The height of the content box; null where that follows from the content.</param>
internal sealed class FlexFlow(LayoutEngine layout, TreeNode node, ComputedStyle style, Rect place, double? height)
{
    private readonly double _gap = layout.Sizes.Length(style, BoxLength.Gap, place.Width) ?? 0;

    /// <summary>Places the content; returns its height.</summary>
    public double Run()
    {
        var items = new List<Item>();
        foreach (var content in node.Content)
        {
            if (content.Text is { } text && layout.MayMeasure(text) && TextWidth.Characters(text) > 0)
            {
                items.Add(new(null, style, default, TextWidth.Of(text, style)));
                layout.AddText(node, new(place.X, place.Y, Math.Min(place.Width, items[^1].Basis), style.FontSize * style.LineHeight));
            }
            else if (content.Node is { } child && layout.StyleOf(child) is { } childStyle && layout.MayLookAt())
            {
                if (childStyle.IsOutOfFlow)
                {
                    layout.Defer(child, place.X, place.Y, place.Width);
                }
                else
                {
                    items.Add(ItemOf(child, childStyle));
                }
            }
        }

        return style.IsColumn ? Column(items) : Rows(items);
    }

    private Item ItemOf(TreeNode child, ComputedStyle childStyle)
    {
        var margin = layout.Sizes.Margins(childStyle, place.Width);
        var basis = style.IsColumn ? null : layout.Sizes.Length(childStyle, BoxLength.FlexBasis, place.Width);
        var width = basis is > 0 ? basis.Value
            : ReplacedElements.Is(child) ? layout.Sizes.Replaced(child, childStyle, layout.NaturalSize(child), place.Width, height).Width
            : basis is 0 && childStyle.FlexGrow > 0 ? 0
            : layout.Sizes.Width(childStyle, place.Width) ?? layout.Preferred.Of(child);
        return new(child, childStyle, margin, layout.Sizes.ClampWidth(childStyle, width, place.Width));
    }

    private double Column(List<Item> items)
    {
        var y = place.Y;
        foreach (var item in items.TakeWhile(_ => !layout.IsBelow(y)))
        {
            if (item.Node is null)
            {
                y += style.FontSize * style.LineHeight;
                continue;
            }

            // Items of a column are as wide as it, unless they say otherwise.
            var width = layout.Sizes.Width(item.Style, place.Width)
                ?? (ReplacedElements.Is(item.Node) ? item.Basis : place.Width - item.Margin.Horizontal);
            width = layout.Sizes.ClampWidth(item.Style, width, place.Width);
            var x = item.Style[BoxLength.MarginLeft] is null && item.Style[BoxLength.MarginRight] is null
                ? place.X + ((place.Width - width) / 2) : place.X + item.Margin.Left;
            y += item.Margin.Top + layout.Place(item.Node, x, y + item.Margin.Top, width, height) + item.Margin.Bottom + _gap;
        }

        return Math.Max(0, y - place.Y - (items.Count > 0 ? _gap : 0));
    }

    private double Rows(List<Item> items)
    {
        var y = place.Y;
        for (var start = 0; start < items.Count && !layout.IsBelow(y);)
        {
            var (end, used) = (start, 0.0);
            while (end < items.Count && (end == start || !style.Wraps || used + items[end].Outer + _gap <= place.Width + 1))
            {
                used += items[end].Outer + (end > start ? _gap : 0);
                end++;
            }

            y += Row(items.GetRange(start, end - start), y, place.Width - used) + _gap;
            start = end;
        }

        return Math.Max(0, y - place.Y - (items.Count > 0 ? _gap : 0));
    }

    private double Row(List<Item> items, double y, double free)
    {
        var grow = items.Sum(item => item.Style.FlexGrow * (item.Node is null ? 0 : 1));
        var basis = items.Sum(item => item.Basis);
        var tallest = style.Wraps ? 0 : height ?? 0;
        var x = place.X;
        foreach (var item in items)
        {
            var width = free > 0 && grow > 0 ? item.Basis + (free * item.Style.FlexGrow / Math.Max(1, grow))
                : free < 0 && basis > 0 ? item.Basis + (free * item.Basis / basis)
                : item.Basis;
            if (item.Node is not null)
            {
                width = Math.Max(0, layout.Sizes.ClampWidth(item.Style, width, place.Width));

                // Where the row's height is known, items stretch to it.
                double? stretched = height is { } own && !style.Wraps && IsEmpty(item.Node) ? own - item.Margin.Vertical : null;
                var itemHeight = layout.Place(item.Node, x + item.Margin.Left, y + item.Margin.Top, width, height, stretched);
                tallest = Math.Max(tallest, itemHeight + item.Margin.Vertical);
            }

            x += width + item.Margin.Horizontal + _gap;
        }

        StretchEmpty(items, tallest);
        return tallest;
    }

    // An item without content of its own, for a picture in its background, is as high as its neighbours.
    private void StretchEmpty(List<Item> items, double tallest)
    {
        foreach (var item in items)
        {
            if (item.Node is { } child && item.Style.BackgroundUrl is not null && item.Style[BoxLength.Height] is null
                && !ReplacedElements.Is(child))
            {
                layout.Stretch(child, tallest - item.Margin.Vertical);
            }
        }
    }

    private static bool IsEmpty(TreeNode child) => child.Children.Count == 0;

    private sealed record Item(TreeNode? Node, ComputedStyle Style, Edges Margin, double Basis)
    {
        public double Outer => Basis + Margin.Horizontal;
    }
}
