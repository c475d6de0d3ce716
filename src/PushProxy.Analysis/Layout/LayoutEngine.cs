using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>
/// Places the boxes of a document, roughly, down to where the first screen ends: enough to tell what is in it and how large.
/// Blocks, floats, flex, grid, tables, positioned boxes and lines of text are laid out by their main rules; borders, baselines,
/// alignment, transforms and what scripts do are not looked at. Each element is placed once, so time grows with their number.
/// </summary>
internal sealed class LayoutEngine
{
    // What begins this far below the screen doesn't move what is on it.
    private const double Margin = 100;

    // What the box of an element costs: in steps, and in bytes.
    private const int StepsPerBox = 40;
    private const int BytesPerBox = 72;
    private const int BytesPerPositioned = 64;

    // How many characters are measured for one step.
    private const int CharactersAStep = 16;

    private readonly ElementStyle?[] _styles;
    private readonly AnalysisBudget _budget;
    private readonly ClientProfile _client;
    private readonly Func<TreeNode, ImageSize?> _natural;
    private readonly Rect[] _boxes;
    private readonly Rect[] _texts;
    private readonly double[] _widths;
    private readonly List<List<Positioned>> _positioned = [];

    /// <summary>Prepares for a document.</summary>
    /// <param name="tree">The document.</param>
    /// <param name="styles">The styles of its elements.</param>
    /// <param name="resolver">Where they come from.</param>
    /// <param name="client">The screen.</param>
    /// <param name="natural">The size of an image; null where it is not known.</param>
    /// <param name="budget">What it may cost; where it ends, elements have no boxes.</param>
    public LayoutEngine(
        DocumentTree tree, ElementStyle?[] styles, StyleResolver resolver, ClientProfile client, Func<TreeNode, ImageSize?> natural,
        AnalysisBudget budget)
    {
        _budget = budget;
        _styles = styles;
        _client = client;
        _natural = natural;
        _boxes = new Rect[tree.Nodes.Count];
        _texts = new Rect[tree.Nodes.Count];
        _widths = new double[tree.Nodes.Count];
        Array.Fill(_widths, -1);
        Sizes = new(resolver, budget);
        Preferred = new(this);
        if (tree.Root is { } root && StyleOf(root) is not null && budget.Keep(AnalysisCost.Layout, BytesPerBox * tree.Nodes.Count))
        {
            _positioned.Add([]);
            Place(root, 0, 0, client.Width, client.Height);
            PlacePositioned(new(0, 0, client.Width, client.Height));
        }
    }

    /// <summary>Sizes by style.</summary>
    public BoxSizes Sizes { get; }

    /// <summary>Widths by content.</summary>
    public PreferredWidths Preferred { get; }

    /// <summary>The boxes of elements, by <see cref="TreeNode.Order"/>; without area where an element has none, or is far below.</summary>
    public IReadOnlyList<Rect> Boxes => _boxes;

    /// <summary>The rectangles around the lines of text that stand right in an element, by <see cref="TreeNode.Order"/>.</summary>
    public IReadOnlyList<Rect> Texts => _texts;

    /// <summary>Memory of <see cref="PreferredWidths"/>; below 0 for not known.</summary>
    public double[] Widths => _widths;

    /// <summary>The style of an element; null where it is not displayed.</summary>
    public ComputedStyle? StyleOf(TreeNode node) => _styles[node.Order] is { Own: { Display: not Display.None } style } ? style : null;

    /// <summary>The size of an image; null where it is not known.</summary>
    public ImageSize? NaturalSize(TreeNode node) => _natural(node);

    /// <summary>Whether a place is so far down that nothing in it matters. Once the budget is spent, every place is.</summary>
    public bool IsBelow(double y) => y > _client.Height + Margin || _budget.IsSpent;

    /// <summary>Charges a text that is measured.</summary>
    public bool MayMeasure(string text) => _budget.Spend(AnalysisCost.Layout, 1 + (text.Length / CharactersAStep));

    /// <summary>Charges an element that is looked at.</summary>
    public bool MayLookAt() => _budget.Spend(AnalysisCost.Layout, StepsPerBox / 4);

    /// <summary>Lines of text in an element.</summary>
    public void AddText(TreeNode node, Rect lines) => _texts[node.Order] = _texts[node.Order].Union(lines);

    /// <summary>Makes a box that has been placed higher.</summary>
    public void Stretch(TreeNode node, double height) =>
        _boxes[node.Order] = _boxes[node.Order] with { Height = Math.Max(_boxes[node.Order].Height, height) };

    /// <summary>A positioned element is placed once the box it is relative to is known.</summary>
    public void Defer(TreeNode node, double x, double y, double width)
    {
        if (_budget.Keep(AnalysisCost.Layout, BytesPerPositioned))
        {
            (StyleOf(node) is { IsFixed: true } ? _positioned[0] : _positioned[^1]).Add(new(node, x, y, width));
        }
    }

    /// <summary>Places an element and what is in it.</summary>
    /// <param name="node">The element.</param>
    /// <param name="x">The left side of its border box.</param>
    /// <param name="y">The upper side of its border box.</param>
    /// <param name="width">The width of its border box.</param>
    /// <param name="heightBase">The height of its place; null where that follows from what is in it.</param>
    /// <param name="stretched">The height it takes where it has none of its own; null for none.</param>
    /// <returns>Its height.</returns>
    public double Place(TreeNode node, double x, double y, double width, double? heightBase, double? stretched = null)
    {
        var style = StyleOf(node)!;
        if (!_budget.Spend(AnalysisCost.Layout, StepsPerBox))
        {
            return 0;
        }

        if (ReplacedElements.Is(node))
        {
            var (_, replaced) = Sizes.Replaced(node, style, NaturalSize(node), width, heightBase);
            _boxes[node.Order] = new(x, y, width, replaced);
            return replaced;
        }

        if (style.IsContainingBlock)
        {
            _positioned.Add([]);
        }

        var padding = Sizes.Paddings(style, width);
        var own = Sizes.Height(style, heightBase, width) ?? (style.AspectRatio is > 0 and var ratio ? width / ratio : stretched);
        double? inner = own is null ? null : Math.Max(0, Sizes.ClampHeight(style, own.Value, heightBase, width) - padding.Vertical);
        var content = Flow(node, style, new(x + padding.Left, y + padding.Top, Math.Max(0, width - padding.Horizontal), 0), inner);
        var height = Sizes.ClampHeight(style, own ?? content + padding.Vertical, heightBase, width);
        _boxes[node.Order] = new(x, y, width, height);
        if (style.IsContainingBlock)
        {
            PlacePositioned(_boxes[node.Order]);
        }

        return height;
    }

    private double Flow(TreeNode node, ComputedStyle style, Rect place, double? height) => style.Display switch
    {
        Display.Flex => new FlexFlow(this, node, style, place, height).Run(),
        Display.Grid when style.GridColumns > 1 => new RowFlow(this, node, place).Grid(style),
        Display.TableRow => new RowFlow(this, node, place).Table(),
        _ => new BlockFlow(this, node, style, place, height).Run(),
    };

    private void PlacePositioned(Rect around)
    {
        var positioned = _positioned[^1];
        _positioned.RemoveAt(_positioned.Count - 1);
        foreach (var (node, x, y, available) in positioned)
        {
            if (!MayLookAt())
            {
                return;
            }

            var style = StyleOf(node)!;
            var margin = Sizes.Margins(style, around.Width);
            double? left = Sizes.Length(style, BoxLength.Left, around.Width), right = Sizes.Length(style, BoxLength.Right, around.Width);
            double? top = Sizes.Length(style, BoxLength.Top, around.Height), bottom = Sizes.Length(style, BoxLength.Bottom, around.Height);
            var room = left is not null && right is not null ? around.Width - left.Value - right.Value - margin.Horizontal : (double?)null;
            var width = ReplacedElements.Is(node) ? Sizes.Replaced(node, style, NaturalSize(node), around.Width, around.Height).Width
                : Sizes.ClampWidth(
                    style,
                    Sizes.Width(style, around.Width) ?? room ?? Math.Min(Preferred.Of(node), Math.Max(available, around.Width)),
                    around.Width);
            var stretched = top is not null && bottom is not null
                ? around.Height - top.Value - bottom.Value - margin.Vertical : (double?)null;
            var height = stretched ?? Sizes.Height(style, around.Height, around.Width) ?? 0;
            var at = left is not null ? around.X + left.Value + margin.Left
                : right is not null ? around.X + around.Width - right.Value - margin.Right - width
                : x;
            var from = top is not null ? around.Y + top.Value + margin.Top
                : bottom is not null ? around.Y + around.Height - bottom.Value - margin.Bottom - height
                : y;
            if (!IsBelow(from))
            {
                Place(node, at, from, Math.Max(0, width), around.Height, stretched);
            }
        }
    }

    private readonly record struct Positioned(TreeNode Node, double X, double Y, double Width);
}
