using PushProxy.Analysis.Css;
using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Images;

/// <summary>Reads <c>sizes</c> (HTML §4.8.4.2.2): how wide an image is displayed.</summary>
internal static class SizesAttribute
{
    private const int MaxSizes = 32;
    private const int MaxLength = 2048;

    /// <summary>The width in CSS pixels: of the first entry whose condition matches; without one, that of the viewport.</summary>
    public static double WidthOf(string? attribute, ClientProfile client)
    {
        var context = new LengthContext(16, 16, client.Width, client.Height);
        foreach (var entry in CssText.SplitAtCommas(attribute is { Length: <= MaxLength } ? attribute : "").Take(MaxSizes))
        {
            var words = CssText.Words(entry);
            if (words.Count == 0 || CssLength.Parse(words[^1]) is not { HasPercentage: false } length)
            {
                continue;
            }

            var condition = string.Join(' ', words[..^1]);
            if (condition.Length == 0 || !MediaQueryList.Parse(condition, client).NeverMatches)
            {
                return length.Resolve(context, 0);
            }
        }

        return client.Width;
    }
}
