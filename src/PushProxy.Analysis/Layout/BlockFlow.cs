using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Blocks one below the other, floats beside each other, and lines between them (CSS 2 §9.4 and §9.5).</summary>
/// <param name="layout">Places what is in it.</param>
/// <param name="node">The element whose content it is.</param>
/// <param name="style">The element's style.</param>
/// <param name="place">Where the content goes; its height is not looked at.</param>
/// <param name="height">The height of the content box; null where that follows from the content.</param>
internal sealed class BlockFlow(LayoutEngine layout, TreeNode node, ComputedStyle style, Rect place, double? height)
{
    private readonly LineFlow _line = new(layout, node);
    private double _y = place.Y;
    private double _margin;
    private FloatRow _floats = new(place.Y, place.Y, 0, 0);

    /// <summary>Places the content; returns its height. The last margin is below it.</summary>
    public double Run()
    {
        Add(node, style);
        EndLine();
        return Math.Max(_y, _floats.Bottom) - place.Y;
    }

    private void Add(TreeNode parent, ComputedStyle parentStyle)
    {
        foreach (var content in parent.Content)
        {
            if (layout.IsBelow(_y))
            {
                return;
            }

            if (content.Text is { } text)
            {
                AddText(text, parentStyle);
            }
            else if (content.Node is { } child && layout.StyleOf(child) is { } childStyle && layout.MayLookAt())
            {
                Add(child, childStyle, parentStyle);
            }
        }
    }

    private void Add(TreeNode child, ComputedStyle childStyle, ComputedStyle parentStyle)
    {
        if (childStyle.IsOutOfFlow)
        {
            layout.Defer(child, place.X, _y + _line.Height, place.Width);
        }
        else if (childStyle.IsFloating)
        {
            AddFloat(child, childStyle);
        }
        else if (child.Tag == "br")
        {
            StartLine(parentStyle);
            _line.Break();
        }
        else if (childStyle.Display == Display.InlineBlock || (childStyle.Display == Display.Inline && ReplacedElements.Is(child)))
        {
            StartLine(parentStyle);
            _line.AddBox(child, childStyle, height);
        }
        else if (childStyle.Display is Display.Inline or Display.Contents)
        {
            Add(child, childStyle);
        }
        else
        {
            AddBlock(child, childStyle);
        }
    }

    private void AddBlock(TreeNode child, ComputedStyle childStyle)
    {
        EndLine();
        if (childStyle.Clears)
        {
            _y = Math.Max(_y, _floats.Bottom);
        }

        var margin = layout.Sizes.Margins(childStyle, place.Width);
        var width = WidthOf(child, childStyle, margin);

        // Margins of neighbours collapse.
        _y += Math.Max(_margin, margin.Top) + Math.Min(0, Math.Min(_margin, margin.Top));
        var isCentered = childStyle[BoxLength.MarginLeft] is null && width < place.Width - margin.Horizontal;
        var x = isCentered && childStyle[BoxLength.MarginRight] is null && childStyle[BoxLength.Width] is null
            && childStyle[BoxLength.MaxWidth] is null
            ? place.X + margin.Left
            : isCentered ? place.X + ((place.Width - width) / 2)
            : place.X + margin.Left;
        _y += layout.Place(child, x, _y, width, height);
        _margin = margin.Bottom;
    }

    private double WidthOf(TreeNode child, ComputedStyle childStyle, Edges margin)
    {
        if (ReplacedElements.Is(child))
        {
            return layout.Sizes.Replaced(child, childStyle, layout.NaturalSize(child), place.Width, height).Width;
        }

        var width = layout.Sizes.Width(childStyle, place.Width)
            ?? (childStyle.Display is Display.Table && child.Tag == "table"
                ? Math.Min(place.Width, layout.Preferred.Of(child))
                : Math.Max(0, place.Width - margin.Horizontal));
        return layout.Sizes.ClampWidth(childStyle, width, place.Width);
    }

    private void AddFloat(TreeNode child, ComputedStyle childStyle)
    {
        var margin = layout.Sizes.Margins(childStyle, place.Width);
        var width = ReplacedElements.Is(child)
            ? layout.Sizes.Replaced(child, childStyle, layout.NaturalSize(child), place.Width, height).Width
            : layout.Sizes.ClampWidth(
                childStyle, layout.Sizes.Width(childStyle, place.Width) ?? Math.Min(place.Width, layout.Preferred.Of(child)), place.Width);
        var outer = width + margin.Horizontal;
        var top = _y + Math.Max(0, _margin);
        if (childStyle.Clears || top >= _floats.Bottom)
        {
            top = Math.Max(top, _floats.Bottom);
            _floats = new(top, top, 0, 0);
        }
        else if (_floats.Left + _floats.Right + outer > place.Width + 1)
        {
            _floats = new(_floats.Bottom, _floats.Bottom, 0, 0);
        }

        var x = childStyle.FloatsRight ? place.X + place.Width - _floats.Right - outer + margin.Left : place.X + _floats.Left + margin.Left;
        if (layout.IsBelow(_floats.Top))
        {
            return;
        }

        var bottom = _floats.Top + margin.Vertical + layout.Place(child, x, _floats.Top + margin.Top, width, height);
        _floats = _floats with
        {
            Bottom = Math.Max(_floats.Bottom, bottom),
            Left = _floats.Left + (childStyle.FloatsRight ? 0 : Math.Max(0, outer)),
            Right = _floats.Right + (childStyle.FloatsRight ? Math.Max(0, outer) : 0),
        };
    }

    private void AddText(string text, ComputedStyle textStyle)
    {
        if (layout.MayMeasure(text) && TextWidth.Characters(text) > 0)
        {
            StartLine(textStyle);
            _line.AddText(text, textStyle);
        }
    }

    // Lines are as wide as the floats beside them leave them.
    private void StartLine(ComputedStyle textStyle)
    {
        if (_line.IsOpen)
        {
            return;
        }

        _y += Math.Max(0, _margin);
        _margin = 0;
        var beside = _y < _floats.Bottom ? _floats : new(0, 0, 0, 0);
        var width = place.Width - beside.Left - beside.Right;
        if (width < 4 * textStyle.FontSize && beside != default)
        {
            _y = _floats.Bottom;
            (beside, width) = (default, place.Width);
        }

        _line.Open(new(place.X + beside.Left, _y, Math.Max(1, width), 0));
    }

    private void EndLine() => _y += _line.Close();

    private readonly record struct FloatRow(double Top, double Bottom, double Left, double Right);
}
