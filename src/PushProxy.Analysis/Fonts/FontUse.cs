using System.Globalization;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Fonts;

/// <summary>Which fonts the text of a document is displayed in.</summary>
/// <param name="families">The fonts there are.</param>
/// <param name="styles">The styles of the document's elements.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class FontUse(FontFamilies families, ElementStyle?[] styles, AnalysisBudget budget)
{
    // Of what a pseudo-element displays, no more is looked at: attributes may be long, and be named again and again.
    private const int MaxGenerated = 16 * 1024;

    // What one style takes that text is displayed in, in bytes: its characters.
    private const int BytesPerStyle = (8 * CharacterSet.Words) + 200;

    // How many characters are read for one step.
    private const int CharactersAStep = 8;

    private const int MaxStyles = 256;

    private const string Space = " ";

    private readonly Dictionary<(FamilyList Families, int Weight, bool IsItalic), CharacterSet> _texts = [];

    /// <summary>The fonts that text of the document needs, those that come first in it first.</summary>
    /// <param name="tree">The document.</param>
    public List<FontFace> Find(DocumentTree tree)
    {
        foreach (var node in tree.Nodes)
        {
            if (!budget.Spend(AnalysisCost.Fonts, 2 + node.Content.Count))
            {
                break;
            }

            if (styles[node.Order] is { } style && style.Own.Display != Display.None)
            {
                Add(node, style);
            }
        }

        var found = new List<FontFace>();
        var known = new HashSet<FontFace>(ReferenceEqualityComparer.Instance);
        foreach (var ((list, weight, isItalic), characters) in _texts)
        {
            found.AddRange(families.For(list, weight, isItalic, characters).Where(known.Add));
        }

        return found;
    }

    private void Add(TreeNode node, ElementStyle style)
    {
        if (style.Before is { Display: not Display.None } before)
        {
            Add(before, Space + Generated(before.Content!, node));
        }

        if (families.Named(style.Own.FontFamily) is not null)
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
        if (text is null || families.Named(style.FontFamily) is not { } list
            || !budget.Spend(AnalysisCost.Fonts, 1 + (text.Length / CharactersAStep)))
        {
            return;
        }

        var key = (list, style.FontWeight, style.IsItalic);
        if (!_texts.TryGetValue(key, out var characters))
        {
            if (_texts.Count >= MaxStyles || !budget.Keep(AnalysisCost.Fonts, BytesPerStyle))
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
    private string Generated(string content, TreeNode node)
    {
        if (!budget.Spend(AnalysisCost.Fonts, 1 + (content.Length / 2)))
        {
            return "";
        }

        var text = new System.Text.StringBuilder();
        var tokens = new CssTokenizer(content);
        while (text.Length < MaxGenerated && tokens.Next() is { Kind: not CssTokenKind.End } token)
        {
            var part = content.AsSpan(token.Start, token.End - token.Start);
            if (token.Kind == CssTokenKind.String)
            {
                text.Append(CssEscape.StringOf(part));
            }
            else if (token.Kind == CssTokenKind.Function && part.Equals("attr(", StringComparison.OrdinalIgnoreCase)
                && tokens.NextSolid() is { Kind: CssTokenKind.Ident } name)
            {
                var value = node.Attribute(content[name.Start..name.End]).AsSpan();
                text.Append(value[..Math.Min(value.Length, MaxGenerated)]);
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
