using System.Globalization;
using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Styles;

/// <summary>Properties whose values are keywords, and those of flex and grid.</summary>
internal static class DisplayProperties
{
    /// <summary>Applies one.</summary>
    public static void Apply(ComputedStyle style, ComputedStyle parent, CssProperty property, string value)
    {
        switch (property)
        {
            case CssProperty.Display:
                style.Display = DisplayOf(value, parent.Display) ?? style.Display;
                break;
            case CssProperty.Position:
                style.IsOutOfFlow = value is "absolute" or "fixed";
                style.IsFixed = value is "fixed";
                style.IsContainingBlock = value is "absolute" or "fixed" or "relative" or "sticky" or "-webkit-sticky";
                break;
            case CssProperty.Float:
                style.IsFloating = value is "left" or "right" or "inline-start" or "inline-end";
                style.FloatsRight = value is "right" or "inline-end";
                break;
            case CssProperty.Clear:
                style.Clears = value is "both" or "left" or "right";
                break;
            case CssProperty.BoxSizing:
                style.IsBorderBox = value is "border-box" || (value is "inherit" && parent.IsBorderBox);
                break;
            case CssProperty.FlexDirection:
                style.IsColumn = value.StartsWith("column", StringComparison.Ordinal);
                break;
            case CssProperty.FlexWrap:
                style.Wraps = value.StartsWith("wrap", StringComparison.Ordinal);
                break;
            case CssProperty.FlexFlow:
                style.IsColumn = value.Contains("column", StringComparison.Ordinal);
                style.Wraps = value.Contains("wrap", StringComparison.Ordinal) && !value.Contains("nowrap", StringComparison.Ordinal);
                break;
            case CssProperty.FlexGrow:
                style.FlexGrow = Number(value) ?? style.FlexGrow;
                break;
        }
    }

    /// <summary>Applies one whose value is made of many words.</summary>
    public static void Apply(ComputedStyle style, Declaration declaration)
    {
        if (declaration.Property == CssProperty.GridTemplateColumns)
        {
            style.GridColumns = declaration.Parsed(static value => new ColumnsValue(value))!.Columns;
            return;
        }

        var flex = declaration.Parsed(static value => new FlexValue(value))!;
        (style.FlexGrow, style[BoxLength.FlexBasis]) = (flex.Grow, flex.Basis);
    }

    private static Display? DisplayOf(string value, Display parent) => value switch
    {
        "none" => Display.None,
        "inline" or "ruby" => Display.Inline,
        "inline-block" or "inline-table" => Display.InlineBlock,
        "block" or "flow-root" or "list-item" or "-webkit-box" or "initial block" => Display.Block,
        "flex" or "-webkit-flex" or "inline-flex" => Display.Flex,
        "grid" or "inline-grid" => Display.Grid,
        "table" or "table-row-group" or "table-header-group" or "table-footer-group" => Display.Table,
        "table-row" => Display.TableRow,
        "table-cell" or "table-caption" => Display.TableCell,
        "contents" => Display.Contents,
        "inherit" => parent,
        "initial" or "unset" => Display.Inline,
        _ => null,
    };

    // "repeat(3, 1fr)" are three; how many "auto-fit" makes depends on the width and is left at one.
    private static int Columns(string value)
    {
        var count = 0;
        foreach (var word in CssText.Words(value))
        {
            count += word.StartsWith("repeat(", StringComparison.Ordinal)
                ? int.TryParse(
                    word.AsSpan(7, Math.Max(0, word.IndexOf(',', StringComparison.Ordinal) - 7)),
                    CultureInfo.InvariantCulture,
                    out var times) ? Math.Clamp(times, 1, 100) : 1
                : word.StartsWith('[') ? 0 : 1;
        }

        return Math.Max(1, count);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e6 ? number : null;

    private sealed class ColumnsValue(string value)
    {
        public int Columns { get; } = DisplayProperties.Columns(value.Trim().ToLowerInvariant());
    }

    private sealed class FlexValue
    {
        public FlexValue(string text)
        {
            var value = text.Trim().ToLowerInvariant();
            if (value is "none" or "initial" or "auto")
            {
                Grow = value is "auto" ? 1 : 0;
                return;
            }

            var words = CssText.Words(value);
            var numbers = words.Where(word => Number(word) is not null).ToArray();
            var basis = words.FirstOrDefault(word => Number(word) is null || (numbers.Length == 3 && word == words[^1]));
            Grow = numbers.Length > 0 ? Number(numbers[0])!.Value : 1;
            Basis = CssLength.Parse(basis ?? "0px");
        }

        public double Grow { get; }

        public CssLength? Basis { get; }
    }
}
