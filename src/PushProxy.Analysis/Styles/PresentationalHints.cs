using System.Globalization;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>Attributes that say what CSS would say (HTML §15.3, "presentational hints"): below all stylesheets of the page.</summary>
internal static class PresentationalHints
{
    /// <summary>Applies those of an element.</summary>
    public static void Apply(TreeNode node, ComputedStyle style)
    {
        switch (node.Tag)
        {
            case "img" or "video" or "canvas" or "iframe" or "embed" or "object" or "svg" or "table" or "td" or "th" or "hr" or "input":
                style[BoxLength.Width] = Dimension(node.Attribute("width")) ?? style[BoxLength.Width];
                style[BoxLength.Height] = Dimension(node.Attribute("height")) ?? style[BoxLength.Height];
                break;
            case "font" when node.Attribute("face") is { Length: > 0 and < 1000 } face:
                style.FontFamily = face;
                break;
        }

        if (node.Tag is "body" or "table" or "td" or "th" or "tr" && node.Attribute("background") is { Length: > 0 } background)
        {
            style.BackgroundUrl = background;
        }

        if (node.Tag is "img" or "table" && node.Attribute("align") is { } align)
        {
            style.IsFloating = align.ToLowerInvariant() is "left" or "right";
            style.FloatsRight = align.Equals("right", StringComparison.OrdinalIgnoreCase);
        }
    }

    // HTML §2.3.4.4: digits at the start, a percent sign behind them.
    private static CssLength? Dimension(string? attribute)
    {
        var text = (attribute ?? "").TrimStart();
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        return end > 0 && double.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? CssLength.Parse(text[..end] + (end < text.Length && text[end] == '%' ? "%" : "px"))
            : null;
    }
}
