using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>PNG images of any size, full of noise: a browser takes an image of few bytes for a placeholder, not for contents.</summary>
internal static class NoiseImage
{
    /// <summary>An image of the size that a name ends in: "hero-800x400.jpg".</summary>
    public static byte[] Of(string name)
    {
        var size = Path.GetFileNameWithoutExtension(name).Split('-')[^1].Split('x');
        return size is [var width, var height] && int.TryParse(width, out var w) && int.TryParse(height, out var h) ? Of(w, h) : Of(16, 16);
    }

    private static byte[] Of(int width, int height)
    {
        // One bit a pixel is noise enough, and small.
        var rows = new byte[height * (1 + ((width + 7) / 8))];
        new Random(width * height).NextBytes(rows);
        for (var row = 0; row < height; row++)
        {
            rows[row * (1 + ((width + 7) / 8))] = 0;
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        using var image = new MemoryStream();
        image.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(image, "IHDR"u8, header);
        Chunk(image, "IDAT"u8, packed.ToArray());
        Chunk(image, "IEND"u8, []);
        return image.ToArray();
    }

    private static void Chunk(MemoryStream image, ReadOnlySpan<byte> type, byte[] data)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        image.Write(number);
        image.Write(type);
        image.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32([.. type, .. data]));
        image.Write(number);
    }
}
