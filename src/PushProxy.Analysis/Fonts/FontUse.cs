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

    // What a set takes for a character beyond the first plane, in bytes.
    private const int BytesPerCharacter = 40;

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
            AddGenerated(before, node);
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
            AddGenerated(after, node);
        }
    }

    private void Add(ComputedStyle style, string? text)
    {
        if (text is not null && CharactersOf(style) is { } characters)
        {
            Add(characters, text, style.IsUppercase);
        }
    }

    private CharacterSet? CharactersOf(ComputedStyle style)
    {
        if (families.Named(style.FontFamily) is not { } list)
        {
            return null;
        }

        var key = (list, style.FontWeight, style.IsItalic);
        if (!_texts.TryGetValue(key, out var characters))
        {
            if (_texts.Count >= MaxStyles || !budget.Keep(AnalysisCost.Fonts, BytesPerStyle))
            {
                return null;
            }

            _texts.Add(key, characters = new());
        }

        return characters;
    }

    private void Add(CharacterSet characters, ReadOnlySpan<char> text, bool isUppercase)
    {
        if (budget.Spend(AnalysisCost.Fonts, 1 + (text.Length / CharactersAStep)))
        {
            var before = characters.Beyond;
            characters.Add(text, isUppercase);
            budget.Keep(AnalysisCost.Fonts, (characters.Beyond - before) * BytesPerCharacter);
        }
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

    // Strings and attributes; of counters and quotes the usual characters. No text is put together: an element may show an attribute
    // of thousands of characters a hundred times, and so may thousands of elements.
    private void AddGenerated(ComputedStyle style, TreeNode node)
    {
        var content = style.Content!;
        if (CharactersOf(style) is not { } characters || !budget.Spend(AnalysisCost.Fonts, 1 + content.Length))
        {
            return;
        }

        Add(characters, Space, isUppercase: false);
        var tokens = new CssTokenizer(content);
        for (var shown = 0; shown < MaxGenerated && tokens.Next() is { Kind: not CssTokenKind.End } token;)
        {
            var part = content.AsSpan(token.Start, token.End - token.Start);
            ReadOnlySpan<char> text = "";
            if (token.Kind == CssTokenKind.String)
            {
                text = CssEscape.StringOf(part);
            }
            else if (token.Kind == CssTokenKind.Function && part.Equals("attr(", StringComparison.OrdinalIgnoreCase)
                && tokens.NextSolid() is { Kind: CssTokenKind.Ident } name)
            {
                text = node.Attribute(content[name.Start..name.End]);
            }
            else if (token.Kind == CssTokenKind.Function && part.StartsWith("counter", StringComparison.OrdinalIgnoreCase))
            {
                text = (node.Index + 1).ToString(CultureInfo.InvariantCulture);
            }
            else if (token.Kind == CssTokenKind.Ident && part.EndsWith("-quote", StringComparison.OrdinalIgnoreCase))
            {
                text = "\u201C\u201D";
            }

            text = text[..Math.Min(text.Length, MaxGenerated - shown)];
            Add(characters, text, style.IsUppercase);
            shown += text.Length;
        }
    }
}
