using System.Globalization;
using System.Text;
using System.Xml;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Layout;

namespace PushProxy.Analysis.Images;

/// <summary>Reads the size of an SVG image from its root element: width and height, else the size of its view box (SVG 2 §8.2).</summary>
internal static class SvgSize
{
    private static readonly XmlReaderSettings Settings =
        new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };

    /// <summary>The size; null where it has none, or is no SVG.</summary>
    public static ImageSize? Read(ReadOnlySpan<byte> head)
    {
        if (head.IndexOf("<svg"u8) < 0)
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(head).TrimStart('\uFEFF')), Settings);
            while (reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "svg" })
                {
                    return SizeOf(reader.GetAttribute("width"), reader.GetAttribute("height"), reader.GetAttribute("viewBox"));
                }
            }
        }
        catch (XmlException)
        {
            // Cut in the middle of its root element, or none: then it has no size.
        }

        return null;
    }

    private static ImageSize? SizeOf(string? width, string? height, string? viewBox)
    {
        var box = (viewBox ?? "").Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        double? boxWidth = null, boxHeight = null;
        if (box.Length == 4)
        {
            (boxWidth, boxHeight) = (Number(box[2]), Number(box[3]));
        }

        var (w, h) = (Length(width), Length(height));
        w ??= h is not null && boxWidth is not null && boxHeight > 0 ? h * boxWidth / boxHeight : boxWidth;
        h ??= Length(width) is { } fixedWidth && boxWidth > 0 && boxHeight is not null ? fixedWidth * boxHeight / boxWidth : boxHeight;
        return w > 0 && h > 0 ? new(w.Value, h.Value) : null;
    }

    private static double? Length(string? text) =>
        text is not null && CssLength.Parse(text) is { HasPercentage: false } length ? length.Resolve(new(16, 16, 0, 0), 0) : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
