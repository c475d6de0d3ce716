using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>
/// How wide boxes are when nothing makes them narrower (CSS Sizing 3, "max-content"), margins and all. Each is worked out once.
/// </summary>
internal sealed class PreferredWidths(LayoutEngine layout)
{
    private const double Unlimited = 100_000;

    /// <summary>The width of an element's border box.</summary>
    public double Of(TreeNode node)
    {
        if (layout.Widths[node.Order] < 0)
        {
            // The memory also ends what would go in circles.
            layout.Widths[node.Order] = 0;
            layout.Widths[node.Order] = Find(node);
        }

        return layout.Widths[node.Order];
    }

    private double Find(TreeNode node)
    {
        if (!layout.MayLookAt() || layout.StyleOf(node) is not { } style)
        {
            return 0;
        }

        if (ReplacedElements.Is(node))
        {
            return layout.Sizes.Replaced(node, style, layout.NaturalSize(node), Unlimited / 100, null).Width;
        }

        if (style[BoxLength.Width] is { HasPercentage: false })
        {
            return layout.Sizes.Width(style, 0)!.Value;
        }

        double widest = 0, line = 0;
        foreach (var content in node.Content)
        {
            if (content.Text is { } text)
            {
                if (!layout.MayMeasure(text))
                {
                    break;
                }


                line += TextWidth.Of(text, style);
            }
            else if (content.Node is { } child && layout.StyleOf(child) is { IsOutOfFlow: false } inner)
            {
                var width = Of(child) + layout.Sizes.Margins(inner, 0).Horizontal;
                var stacks = inner.Display is not (Display.Inline or Display.InlineBlock or Display.TableCell) && !inner.IsFloating
                    && !(style.Display == Display.Flex && !style.IsColumn);
                (widest, line) = stacks ? (Math.Max(widest, Math.Max(line, width)), 0) : (widest, child.Tag == "br" ? 0 : line + width);
                widest = Math.Max(widest, line);
            }
        }

        var result = Math.Max(widest, line) + layout.Sizes.Paddings(style, 0).Horizontal;
        return Math.Min(
            Unlimited, style[BoxLength.MaxWidth] is { HasPercentage: false } ? layout.Sizes.ClampWidth(style, result, 0) : result);
    }
}
