using PushProxy.Analysis.Styles;

namespace PushProxy.Analysis.Layout;

/// <summary>How wide text is, without its font: the average of Latin text in a sans-serif font is half the font size a character.</summary>
internal static class TextWidth
{
    /// <summary>The width of a text on one line, in CSS pixels.</summary>
    public static double Of(string text, ComputedStyle style) => Characters(text) * Character(style);

    /// <summary>The width of one character.</summary>
    public static double Character(ComputedStyle style) =>
        style.FontSize * (style.IsUppercase ? 0.65 : style.FontWeight >= 600 ? 0.54 : 0.5);

    /// <summary>How many characters are displayed: white space collapses.</summary>
    public static int Characters(string text)
    {
        var count = 0;
        var isSpace = true;
        foreach (var c in text)
        {
            var space = c is ' ' or '\t' or '\n' or '\r' or '\f';
            count += space && isSpace ? 0 : c >= 0x2E80 ? 2 : 1;
            isSpace = space;
        }

        return isSpace && count > 0 ? count - 1 : count;
    }
}
