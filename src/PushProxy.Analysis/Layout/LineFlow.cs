using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Text and boxes in lines, one after the other until a block comes (CSS 2 §9.4.2).</summary>
/// <param name="layout">Places the boxes.</param>
/// <param name="owner">The block that the lines stand in.</param>
internal sealed class LineFlow(LayoutEngine layout, TreeNode owner)
{
    private Rect _place;
    private double _x;
    private double _top;
    private double _lineHeight;

    /// <summary>Whether there is a line to add to.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How high the lines are by now.</summary>
    public double Height => IsOpen ? _top + _lineHeight - _place.Y : 0;

    /// <summary>Begins the first line; the height of the place is not looked at.</summary>
    public void Open(Rect place)
    {
        (_place, _x, _top, _lineHeight, IsOpen) = (place, 0, place.Y, 0, true);
    }

    /// <summary>Ends the last line; returns how high they all are.</summary>
    public double Close()
    {
        var height = Height;
        IsOpen = false;
        return height;
    }

    /// <summary>Ends a line.</summary>
    public void Break()
    {
        _top += _lineHeight > 0 ? _lineHeight : 16;
        (_x, _lineHeight) = (0, 0);
    }

    /// <summary>Adds text, which breaks into lines wherever it likes.</summary>
    public void AddText(string text, ComputedStyle style)
    {
        var width = TextWidth.Of(text, style);
        var height = style.FontSize * style.LineHeight;
        _lineHeight = Math.Max(_lineHeight, height);
        var (from, top) = (_x, _top);
        var total = _x + width;
        var more = (int)Math.Min(10_000, total / _place.Width);
        if (more > 0 && _x > 0 && TextWidth.Characters(text) * TextWidth.Character(style) + _x <= _place.Width)
        {
            more = 0;
        }

        _top += more * _lineHeight;
        _x = more > 0 ? total - (more * _place.Width) : total;
        _lineHeight = more > 0 ? height : _lineHeight;
        if (!style.IsTransparent)
        {
            layout.AddText(owner, more > 0
                ? new(_place.X, top, _place.Width, _top + height - top)
                : new(_place.X + from, top, width, height));
        }
    }

    /// <summary>Adds a box, which goes to the next line where it does not fit.</summary>
    public void AddBox(TreeNode node, ComputedStyle style, double? heightBase)
    {
        var margin = layout.Sizes.Margins(style, _place.Width);
        var width = ReplacedElements.Is(node)
            ? layout.Sizes.Replaced(node, style, layout.NaturalSize(node), _place.Width, heightBase).Width
            : layout.Sizes.ClampWidth(
                style, layout.Sizes.Width(style, _place.Width) ?? Math.Min(_place.Width, layout.Preferred.Of(node)), _place.Width);
        if (_x > 0 && _x + width + margin.Horizontal > _place.Width)
        {
            Break();
        }

        var height = layout.Place(node, _place.X + _x + margin.Left, _top + margin.Top, width, heightBase);
        _x += width + margin.Horizontal;
        _lineHeight = Math.Max(_lineHeight, height + margin.Vertical);
    }
}
