using System.Globalization;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Styles;

/// <summary>
/// Applies declarations to a style, in the order of the cascade: a later one replaces an earlier. A value that can't be read
/// changes nothing.
/// </summary>
/// <param name="client">The screen.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class StyleApplier(ClientProfile client, AnalysisBudget budget)
{
    // How many characters of a value are read for one step.
    private const int CharactersAStep = 16;

    /// <summary>The root element's font size, for <c>rem</c>.</summary>
    public double RootSize { get; set; } = 16;

    /// <summary>What lengths of an element with such a style are relative to.</summary>
    public LengthContext ContextOf(ComputedStyle style) => new(style.FontSize, RootSize, client.Width, client.Height);

    /// <summary>Applies a declaration.</summary>
    /// <param name="style">The style so far.</param>
    /// <param name="parent">The style of the element around it.</param>
    /// <param name="declaration">The declaration.</param>
    /// <param name="sheet">The stylesheet it stands in; null for the document.</param>
    public void Apply(ComputedStyle style, ComputedStyle parent, Declaration declaration, AppliedSheet? sheet)
    {
        if (declaration.HasVariables)
        {
            if (style.Variables?.Substitute(declaration) is not { } substituted)
            {
                return;
            }

            declaration = substituted;
        }

        if (!budget.Spend(AnalysisCost.Styles, 3 + (declaration.Value.Length / CharactersAStep)))
        {
            return;
        }

        if (BoxProperties.Find(declaration.Property) is { } length)
        {
            style[length] = BoxProperties.Read(declaration.Value) ? declaration.Parsed(CssLength.Parse) : style[length];
            return;
        }

        switch (declaration.Property)
        {
            case CssProperty.Margin or CssProperty.Padding or CssProperty.Inset:
                BoxProperties.SetSides(style, declaration);
                break;
            case CssProperty.Font or CssProperty.FontFamily or CssProperty.FontSize or CssProperty.FontStyle or CssProperty.FontWeight
                or CssProperty.LineHeight:
                FontProperties.Apply(style, parent, declaration, ContextOf(parent));
                break;
            case CssProperty.Background or CssProperty.BackgroundImage:
                Background(style, declaration, sheet);
                break;
            case CssProperty.BackgroundSize:
                style.IsBackgroundSized = declaration.Value is not ("auto" or "initial" or "auto auto");
                break;
            case CssProperty.Content:
                style.Content = declaration.Value;
                break;
            case CssProperty.Opacity:
                style.IsTransparent = parent.IsTransparent || Number(declaration.Value.TrimEnd('%')) is 0;
                break;
            case CssProperty.Visibility:
                style.IsVisible = Keyword(declaration) switch { "hidden" or "collapse" => false, "inherit" => parent.IsVisible, _ => true };
                break;
            case CssProperty.TextTransform:
                style.IsUppercase = Keyword(declaration) is "uppercase";
                break;
            case CssProperty.AspectRatio:
                style.AspectRatio = Ratio(declaration.Value);
                break;
            case CssProperty.Flex or CssProperty.GridTemplateColumns:
                DisplayProperties.Apply(style, declaration);
                break;
            default:
                DisplayProperties.Apply(style, parent, declaration.Property, Keyword(declaration));
                break;
        }
    }

    private static string Keyword(Declaration declaration) => declaration.Parsed(value => value.Trim().ToLowerInvariant())!;

    private static void Background(ComputedStyle style, Declaration declaration, AppliedSheet? sheet)
    {
        var background = declaration.Parsed(static value => new BackgroundValue(value))!;
        if (background.Url is null && declaration.Property == CssProperty.BackgroundImage && declaration.Value is "inherit")
        {
            return;
        }

        style.BackgroundUrl = background.Url;
        style.BackgroundSheet = sheet;
        if (declaration.Property == CssProperty.Background)
        {
            style.IsBackgroundSized = background.IsSized;
        }
    }

    private static double? Ratio(string value)
    {
        var words = CssText.Words(value).Where(word => !word.Equals("auto", StringComparison.OrdinalIgnoreCase)).ToArray();
        return words switch
        {
            [var one] => Number(one),
            [var width, "/", var height] when Number(height) is > 0 and var h => Number(width) / h,
            _ => null,
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    // What matters of a background: its first URL, and whether it is stretched or fitted.
    private sealed class BackgroundValue(string value)
    {
        public string? Url { get; } = CssText.Urls(value).FirstOrDefault();

        public bool IsSized { get; } = value.Contains("cover", StringComparison.OrdinalIgnoreCase)
            || value.Contains("contain", StringComparison.OrdinalIgnoreCase)
            || value.Contains("100%", StringComparison.Ordinal);
    }
}
