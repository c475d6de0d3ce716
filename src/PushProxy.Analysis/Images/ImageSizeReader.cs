using System.Buffers.Binary;
using PushProxy.Analysis.Layout;

namespace PushProxy.Analysis.Images;

/// <summary>Reads the size of an image from its first bytes: PNG, GIF, JPEG, WebP, BMP, AVIF and SVG.</summary>
internal static class ImageSizeReader
{
    /// <summary>The size in its own pixels; null when these bytes do not tell.</summary>
    public static ImageSize? Read(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when head.Length >= 24 =>
            Size(BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..])),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] when head.Length >= 10 =>
            Size(BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
        [0xFF, 0xD8, ..] => Jpeg(head),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] when head.Length >= 30 && head[8..].StartsWith("WEBP"u8) => WebP(head),
        [(byte)'B', (byte)'M', ..] when head.Length >= 26 =>
            Size(BinaryPrimitives.ReadUInt32LittleEndian(head[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]))),
        _ => head.Length > 12 && head[4..].StartsWith("ftyp"u8) ? Avif(head) : SvgSize.Read(head),
    };

    // A chain of segments; the one that begins a frame has the size.
    private static ImageSize? Jpeg(ReadOnlySpan<byte> head)
    {
        for (var at = 2; at + 9 < head.Length;)
        {
            if (head[at] != 0xFF)
            {
                return null;
            }

            var marker = head[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Size(BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            }

            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
        }

        return null;
    }

    private static ImageSize? WebP(ReadOnlySpan<byte> head)
    {
        var chunk = head[12..];
        if (chunk.StartsWith("VP8X"u8))
        {
            return Size(1 + (head[24] | (head[25] << 8) | (head[26] << 16)), 1 + (head[27] | (head[28] << 8) | (head[29] << 16)));
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return Size(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
        }

        return chunk.StartsWith("VP8 "u8)
            ? Size(
                BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF)
            : null;
    }

    // Of several "image spatial extents", the largest is the picture; others are its tiles or its thumbnail.
    private static ImageSize? Avif(ReadOnlySpan<byte> head)
    {
        ImageSize? largest = null;
        for (var rest = head; rest.IndexOf("ispe"u8) is >= 0 and var at && at + 16 <= rest.Length; rest = rest[(at + 16)..])
        {
            var size =
                Size(BinaryPrimitives.ReadUInt32BigEndian(rest[(at + 8)..]), BinaryPrimitives.ReadUInt32BigEndian(rest[(at + 12)..]));
            largest = size is { } found && (largest is null || found.Width > largest.Value.Width) ? found : largest;
        }

        return largest;
    }

    private static ImageSize? Size(long width, long height) => width > 0 && height > 0 ? new(width, height) : null;
}
