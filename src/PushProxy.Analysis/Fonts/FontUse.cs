using System.Globalization;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Fonts;

/// <summary>Which fonts the text of a document is displayed in.</summary>
internal sealed class FontUse(FontFamilies families)
{
    private const int MaxStyles = 256;

    private readonly Dictionary<(string Family, int Weight, bool IsItalic), CharacterSet> _texts = [];

    /// <summary>The fonts that text of the document needs, those that come first in it first.</summary>
    /// <param name="tree">The document.</param>
    /// <param name="styles">The styles of its elements.</param>
    public List<FontFace> Find(DocumentTree tree, ElementStyle?[] styles)
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
            Add(before, Generated(before.Content!, node));
        }

        if (families.Concerns(style.Own.FontFamily))
        {
            foreach (var content in node.Content)
            {
                Add(style.Own, content.Text);
            }

            Add(style.Own, ControlText(node));
        }

        if (style.After is { Display: not Display.None } after)
        {
            Add(after, Generated(after.Content!, node));
        }
    }

    private void Add(ComputedStyle style, string? text)
    {
        if (text is null || !CharacterSet.IsVisible(text) || style.FontSize <= 0 || !families.Concerns(style.FontFamily))
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

    private static string? ControlText(TreeNode node) => node.Tag switch
    {
        "input" when node.Attribute("type")?.ToLowerInvariant() is not ("checkbox" or "radio" or "hidden" or "range" or "color" or "image" or "file") =>
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
