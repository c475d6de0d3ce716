using System.Globalization;
using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Styles;

/// <summary>Font properties and the shorthand (CSS Fonts 4 §2).</summary>
internal static class FontProperties
{
    private const int LongestKeyword = 7;

    /// <summary>Applies one.</summary>
    /// <param name="style">The style so far.</param>
    /// <param name="parent">The style of the element around it.</param>
    /// <param name="declaration">The declaration.</param>
    /// <param name="context">What a font size is relative to: the parent's.</param>
    public static void Apply(ComputedStyle style, ComputedStyle parent, Declaration declaration, in LengthContext context)
    {
        var value = declaration.Value;
        switch (declaration.Property)
        {
            case CssProperty.FontFamily:
                style.FontFamily = value.Length > LongestKeyword ? value
                    : value.ToLowerInvariant() switch { "inherit" or "unset" => parent.FontFamily, "initial" => null, _ => value };
                break;
            case CssProperty.FontWeight:
                style.FontWeight = Weight(value, parent.FontWeight) ?? style.FontWeight;
                break;
            case CssProperty.FontStyle:
                style.IsItalic = value.StartsWith("inherit", StringComparison.OrdinalIgnoreCase) ? parent.IsItalic : IsSlanted(value);
                break;
            case CssProperty.FontSize:
                style.FontSize = Size(value, parent.FontSize, context) ?? style.FontSize;
                break;
            case CssProperty.LineHeight:
                style.LineHeight = LineHeight(value, style.FontSize, context) ?? style.LineHeight;
                break;
            default:
                Shorthand(style, parent, declaration, context);
                break;
        }
    }

    /// <summary>A weight as a number; null for an invalid one.</summary>
    public static int? Weight(string value, int parent) => value.Trim().ToLowerInvariant() switch
    {
        "normal" or "initial" => 400,
        "bold" => 700,
        "inherit" or "unset" => parent,
        "bolder" => parent < 350 ? 400 : parent < 550 ? 700 : 900,
        "lighter" => parent < 550 ? 100 : parent < 750 ? 400 : 700,
        var text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000
                ? (int)number : null,
    };

    /// <summary>Whether a font style is italic or oblique.</summary>
    public static bool IsSlanted(string value) =>
        value.StartsWith("italic", StringComparison.OrdinalIgnoreCase) || value.StartsWith("oblique", StringComparison.OrdinalIgnoreCase);

    private static void Shorthand(ComputedStyle style, ComputedStyle parent, Declaration declaration, in LengthContext context)
    {
        if (declaration.Value.Equals("inherit", StringComparison.OrdinalIgnoreCase))
        {
            (style.FontFamily, style.FontWeight, style.IsItalic) = (parent.FontFamily, parent.FontWeight, parent.IsItalic);
            (style.FontSize, style.LineHeight) = (parent.FontSize, parent.LineHeight);
            return;
        }

        var shorthand = declaration.Parsed(static value => new FontShorthand(value))!;
        var words = shorthand.Words;
        double? size = null;
        var (weight, italic, at) = (400, false, 0);
        for (; at < words.Count && size is null; at++)
        {
            size = Weight(words[at], parent.FontWeight) is { } found && words[at] != "0" ? null : Size(words[at], parent.FontSize, context);
            weight = Weight(words[at], parent.FontWeight) is { } number && !words[at].Equals("normal", StringComparison.OrdinalIgnoreCase)
                ? number : weight;
            italic |= IsSlanted(words[at]);
        }

        if (size is null)
        {
            return;
        }

        var lineHeight = at + 1 < words.Count && words[at] == "/" ? words[at + 1] : null;
        at += lineHeight is null ? 0 : 2;
        if (at >= words.Count)
        {
            return;
        }

        (style.FontSize, style.FontWeight, style.IsItalic) = (size.Value, weight, italic);
        style.LineHeight = (lineHeight is null ? null : LineHeight(lineHeight, size.Value, context)) ?? 1.2;
        style.FontFamily = shorthand.FamilyFrom(at);
    }

    private static double? Size(string value, double parent, in LengthContext context) => value.ToLowerInvariant() switch
    {
        "xx-small" => 9,
        "x-small" => 10,
        "small" => 13,
        "medium" or "initial" => 16,
        "large" => 18,
        "x-large" => 24,
        "xx-large" => 32,
        "xxx-large" => 48,
        "smaller" => parent / 1.2,
        "larger" => parent * 1.2,
        "inherit" or "unset" => parent,
        var text => CssLength.Parse(text)?.Resolve(context, parent) is { } size and >= 0 and < 10_000 ? size : null,
    };

    // A plain number is a factor; anything else becomes one.
    private static double? LineHeight(string value, double fontSize, in LengthContext context)
    {
        if (value.Equals("normal", StringComparison.OrdinalIgnoreCase))
        {
            return 1.2;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor))
        {
            return factor is >= 0 and < 1000 ? factor : null;
        }

        return fontSize > 0 && CssLength.Parse(value)?.Resolve(context with { FontSize = fontSize }, fontSize) is { } height and >= 0
            ? height / fontSize : null;
    }

    // The words of a value, and the family at its end: the same text for all elements.
    private sealed class FontShorthand(string value)
    {
        private string? _family;
        private int _from = -1;

        public List<string> Words { get; } = CssText.Words(value);

        public string FamilyFrom(int word)
        {
            if (_family is not { } family || _from != word)
            {
                (_family, _from) = (family = string.Join(' ', Words[word..]), word);
            }

            return family;
        }
    }
}
