using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Images;

/// <summary>Finds the images a document displays.</summary>
/// <param name="tree">The document.</param>
/// <param name="styles">The styles of its elements.</param>
/// <param name="documentBase">What URLs in the document are relative to.</param>
/// <param name="client">The screen.</param>
internal sealed class ScreenImages(DocumentTree tree, ElementStyle?[] styles, PageBase documentBase, ClientProfile client)
{
    // Layout asks for it, and asks again when sizes have come.
    private readonly Dictionary<int, ImageChoice?> _choices = [];

    /// <summary>Images that are displayed, in document order.</summary>
    public IEnumerable<ScreenImage> Find(LayoutEngine layout)
    {
        foreach (var node in tree.Nodes)
        {
            if (layout.StyleOf(node) is not { } style)
            {
                continue;
            }

            var box = style.IsTransparent ? default : layout.Boxes[node.Order];
            if (Source(node) is { } choice)
            {
                yield return new(node, choice, documentBase.Resolve(choice.Url).Url, box, IsBackground: false);
            }

            var parts = styles[node.Order]!;
            if (Background(node, style, style, box) is { } own)
            {
                yield return own;
            }

            if (Background(node, parts.Before, style, box) is { } before)
            {
                yield return before;
            }

            if (Background(node, parts.After, style, box) is { } after)
            {
                yield return after;
            }
        }
    }

    /// <summary>The source an element displays; null for one that displays no image.</summary>
    public ImageChoice? Source(TreeNode node) => node.Tag switch
    {
        "img" => ChoiceOf(node),
        "video" when node.Attribute("poster") is { Length: > 0 } poster => new(poster, null, null, null),
        "input" when "image".Equals(node.Attribute("type"), StringComparison.OrdinalIgnoreCase)
            && node.Attribute("src") is { Length: > 0 } src => new(src, null, null, null),
        _ => null,
    };

    private ImageChoice? ChoiceOf(TreeNode image)
    {
        if (!_choices.TryGetValue(image.Order, out var choice))
        {
            _choices.Add(image.Order, choice = ImageChoice.Of(image, client));
        }

        return choice;
    }

    private ScreenImage? Background(TreeNode node, ComputedStyle? part, ComputedStyle style, Rect box) => part is { BackgroundUrl: { } url }
        ? new(node, new(url, null, null, null), Resolve(url, part.BackgroundSheet), BoxOf(part, style, box), IsBackground: true)
        : null;

    private HttpUrl? Resolve(string url, AppliedSheet? sheet) => (sheet?.Base ?? documentBase).Resolve(url).Url;

    // A pseudo-element that covers its element is as large as it.
    private static Rect BoxOf(ComputedStyle part, ComputedStyle style, Rect box) =>
        part == style
            || (part.IsOutOfFlow && style.IsContainingBlock && !part.IsTransparent
                && part[BoxLength.Width] is null or { HasPercentage: true })
            ? box
            : default;
}
