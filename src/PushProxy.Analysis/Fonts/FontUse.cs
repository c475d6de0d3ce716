using System.Globalization;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Fonts;

/// <summary>Which fonts the text of a document is displayed in.</summary>
/// <param name="families">The fonts there are.</param>
/// <param name="styles">The styles of the document's elements.</param>
internal sealed class FontUse(FontFamilies families, ElementStyle?[] styles)
{
    private const int MaxStyles = 256;

    private const string Space = " ";

    private readonly Dictionary<(string Family, int Weight, bool IsItalic), CharacterSet> _texts = [];

    /// <summary>The fonts that text of the document needs, those that come first in it first.</summary>
    /// <param name="tree">The document.</param>
    public List<FontFace> Find(DocumentTree tree)
    {
        foreach (var node in tree.Nodes)
        {
            if (styles[node.Order] is { } style && style.Own.Display != Display.None)
            {
                Add(node, style);
            }
        }

        var found = new List<FontFace>();
        foreach (var ((family, weight, isItalic), characters) in _texts)
        {
            found.AddRange(families.For(family, weight, isItalic, characters).Where(face => !found.Contains(face)));
        }

        return found;
    }

    private void Add(TreeNode node, ElementStyle style)
    {
        if (style.Before is { Display: not Display.None } before)
        {
            Add(before, Space + Generated(before.Content!, node));
        }

        if (families.Concerns(style.Own.FontFamily))
        {
            Add(style.Own, HasLine(node, style.Own) ? Space : null);
            foreach (var content in node.Content)
            {
                Add(style.Own, content.Text is { } text && CharacterSet.IsVisible(text) ? text : null);
            }

            Add(style.Own, ControlText(node));
        }

        if (style.After is { Display: not Display.None } after)
        {
            Add(after, Space + Generated(after.Content!, node));
        }
    }

    private void Add(ComputedStyle style, string? text)
    {
        if (text is null || !families.Concerns(style.FontFamily))
        {
            return;
        }

        var key = (style.FontFamily!, style.FontWeight, style.IsItalic);
        if (!_texts.TryGetValue(key, out var characters))
        {
            if (_texts.Count >= MaxStyles)
            {
                return;
            }

            _texts.Add(key, characters = new());
        }

        characters.Add(text, style.IsUppercase);
    }

    // A line is as high as the font of its block at least, and as that of each inline element in it, were it empty: Chromium looks
    // the space up in it.
    private bool HasLine(TreeNode node, ComputedStyle style)
    {
        if (ReplacedElements.Is(node) || style.Display is Display.Flex or Display.Grid or Display.Contents)
        {
            return false;
        }

        return IsInline(node)
            || node.Content.Exists(content =>
                content.Text is { } text ? CharacterSet.IsVisible(text) : StaysInLine(styles[content.Node!.Order]?.Own));
    }

    private static bool StaysInLine(ComputedStyle? style) =>
        style is { Display: Display.Inline or Display.InlineBlock, IsFloating: false, IsOutOfFlow: false };

    // Items of flex containers and grids are blocks.
    private bool IsInline(TreeNode node) =>
        styles[node.Order] is { Own: { Display: Display.Inline, IsFloating: false, IsOutOfFlow: false } }
        && node.Parent is { } parent && styles[parent.Order] is not { Own.Display: Display.Flex or Display.Grid };

    private static string? ControlText(TreeNode node) => node.Tag switch
    {
        "input" when node.Attribute("type")?.ToLowerInvariant()
            is not ("checkbox" or "radio" or "hidden" or "range" or "color" or "image" or "file") =>
            node.Attribute("value") is { Length: > 0 } value ? value : node.Attribute("placeholder"),
        "textarea" => node.Attribute("placeholder"),
        _ => null,
    };

    // Strings and attributes; of counters and quotes the usual characters.
    private static string Generated(string content, TreeNode node)
    {
        var text = new System.Text.StringBuilder();
        var tokens = new CssTokenizer(content);
        while (tokens.Next() is { Kind: not CssTokenKind.End } token)
        {
            var part = content.AsSpan(token.Start, token.End - token.Start);
            if (token.Kind == CssTokenKind.String)
            {
                text.Append(CssEscape.StringOf(part));
            }
            else if (token.Kind == CssTokenKind.Function && part.Equals("attr(", StringComparison.OrdinalIgnoreCase)
                && tokens.NextSolid() is { Kind: CssTokenKind.Ident } name)
            {
                text.Append(node.Attribute(content[name.Start..name.End]));
            }
            else if (token.Kind == CssTokenKind.Function && part.StartsWith("counter", StringComparison.OrdinalIgnoreCase))
            {
                text.Append(CultureInfo.InvariantCulture, $"{node.Index + 1}");
            }
            else if (token.Kind == CssTokenKind.Ident && part.EndsWith("-quote", StringComparison.OrdinalIgnoreCase))
            {
                text.Append("\u201C\u201D");
            }
        }

        return text.ToString();
    }
}
