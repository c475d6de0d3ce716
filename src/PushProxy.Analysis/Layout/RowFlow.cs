using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Grids of columns that are all alike, and rows of table cells.</summary>
/// <param name="layout">Places what is in it.</param>
/// <param name="node">The grid, or the row.</param>
/// <param name="place">Where the content goes; its height is not looked at.</param>
internal sealed class RowFlow(LayoutEngine layout, TreeNode node, Rect place)
{
    /// <summary>Places the items of a grid; returns how high they are.</summary>
    public double Grid(ComputedStyle style)
    {
        var gap = layout.Sizes.Length(style, BoxLength.Gap, place.Width) ?? 0;
        var width = Math.Max(0, (place.Width - (gap * (style.GridColumns - 1))) / style.GridColumns);
        var y = place.Y;
        foreach (var row in Items().Chunk(style.GridColumns).TakeWhile(_ => !layout.IsBelow(y)))
        {
            var tallest = 0.0;
            for (var i = 0; i < row.Length; i++)
            {
                tallest = Math.Max(tallest, Cell(row[i], place.X + (i * (width + gap)), y, width));
            }

            y += tallest + gap;
        }

        return Math.Max(0, y - place.Y - gap);
    }

    /// <summary>Places the cells of a row; those that set no width share what is left, by what is in them.</summary>
    public double Table()
    {
        var cells = Items().ToArray();
        var widths = cells.Select(cell => layout.Sizes.Width(layout.StyleOf(cell)!, place.Width)).ToArray();
        var wanted = cells.Select((cell, i) => widths[i] ?? layout.Preferred.Of(cell) + 1).ToArray();
        var open = cells.Select((_, i) => widths[i] is null ? wanted[i] : 0).Sum();
        var left = place.Width - widths.Sum(width => width ?? 0);
        var (x, tallest) = (place.X, 0.0);
        for (var i = 0; i < cells.Length; i++)
        {
            var width = widths[i] ?? Math.Max(0, open > 0 ? left * wanted[i] / open : 0);
            tallest = Math.Max(tallest, Cell(cells[i], x, place.Y, width));
            x += width;
        }

        return tallest;
    }

    private double Cell(TreeNode cell, double x, double y, double width)
    {
        var style = layout.StyleOf(cell)!;
        var margin = layout.Sizes.Margins(style, width);
        var inner = ReplacedElements.Is(cell)
            ? layout.Sizes.Replaced(cell, style, layout.NaturalSize(cell), width, null).Width
            : layout.Sizes.ClampWidth(style, width - margin.Horizontal, width);
        return margin.Vertical + layout.Place(cell, x + margin.Left, y + margin.Top, Math.Max(0, inner), null);
    }

    private IEnumerable<TreeNode> Items()
    {
        foreach (var child in node.Children)
        {
            if (layout.StyleOf(child) is { IsOutOfFlow: true })
            {
                layout.Defer(child, place.X, place.Y, place.Width);
            }
            else if (layout.StyleOf(child) is not null)
            {
                yield return child;
            }
        }
    }
}
