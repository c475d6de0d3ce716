using System.Runtime.CompilerServices;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Images;

/// <summary>Finds the images a document displays.</summary>
/// <param name="tree">The document.</param>
/// <param name="styles">The styles of its elements.</param>
/// <param name="documentBase">What URLs in the document are relative to.</param>
/// <param name="client">The screen.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class ScreenImages(
    DocumentTree tree, ElementStyle?[] styles, PageBase documentBase, ClientProfile client, AnalysisBudget budget)
{
    // What a URL costs besides its text, in steps and in bytes.
    private const int StepsPerUrl = 30;
    private const int BytesPerUrl = 400;
    private const int BytesPerBackground = 200;

    // How many characters are read for one step.
    private const int CharactersAStep = 4;

    // Layout asks for these, and asks again when sizes have come.
    private readonly Dictionary<int, ImageChoice?> _choices = [];
    private readonly Dictionary<(string Text, PageBase Base), HttpUrl?> _urls = new(new SameText());

    /// <summary>Images that are displayed, in document order.</summary>
    public IEnumerable<ScreenImage> Find(LayoutEngine layout)
    {
        foreach (var node in tree.Nodes)
        {
            if (!budget.Spend(AnalysisCost.Images))
            {
                yield break;
            }

            if (layout.StyleOf(node) is not { } style)
            {
                continue;
            }

            var box = style.IsTransparent ? default : layout.Boxes[node.Order];
            if (Source(node) is { } choice)
            {
                yield return new(node, choice, Resolve(choice.Url, documentBase), box, IsBackground: false);
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

    /// <summary>The URL of the source that an element displays; null for none, or for one that can't be fetched.</summary>
    public HttpUrl? UrlOf(TreeNode node) => Source(node) is { } choice ? Resolve(choice.Url, documentBase) : null;

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
            _choices.Add(image.Order, choice = ImageChoice.Of(image, client, budget));
        }

        return choice;
    }

    private ScreenImage? Background(TreeNode node, ComputedStyle? part, ComputedStyle style, Rect box)
    {
        if (part?.BackgroundUrl is not { } text || !budget.Keep(AnalysisCost.Images, BytesPerBackground))
        {
            return null;
        }

        var url = Resolve(text, part.BackgroundSheet?.Base ?? documentBase);
        return new(node, new(text, null, null, null), url, BoxOf(part, style, box), IsBackground: true);
    }

    private HttpUrl? Resolve(string text, PageBase around)
    {
        if (!_urls.TryGetValue((text, around), out var url)
            && budget.Spend(AnalysisCost.Images, StepsPerUrl + (text.Length / CharactersAStep))
            && budget.Keep(AnalysisCost.Images, BytesPerUrl + (sizeof(char) * text.Length)))
        {
            _urls.Add((text, around), url = around.Resolve(text).Url);
        }

        return url;
    }

    // A pseudo-element that covers its element is as large as it.
    private static Rect BoxOf(ComputedStyle part, ComputedStyle style, Rect box) =>
        part == style
            || (part.IsOutOfFlow && style.IsContainingBlock && !part.IsTransparent
                && part[BoxLength.Width] is null or { HasPercentage: true })
            ? box
            : default;

    // A background stands in a rule once, for all elements it applies to: the text need not be read to know that it is the same.
    private sealed class SameText : IEqualityComparer<(string Text, PageBase Base)>
    {
        public bool Equals((string Text, PageBase Base) one, (string Text, PageBase Base) other) =>
            ReferenceEquals(one.Text, other.Text) && ReferenceEquals(one.Base, other.Base);

        public int GetHashCode((string Text, PageBase Base) both) => RuntimeHelpers.GetHashCode(both.Text);
    }
}
