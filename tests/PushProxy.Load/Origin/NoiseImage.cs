using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PushProxy.Load.Origin;

/// <summary>
/// PNGs that compression makes no smaller: black and white noise, so that the number of pixels says how many octets there are.
/// </summary>
internal static class NoiseImage
{
    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(static n =>
        Enumerable.Range(0, 8).Aggregate((uint)n, static (c, _) => (c & 1) == 0 ? c >> 1 : 0xEDB88320 ^ (c >> 1)))];

    /// <summary>An image of about width × height / 8 octets. The same seed, the same image.</summary>
    public static byte[] Create(int seed, int width, int height)
    {
        var row = (width / 8) + 1;
        var pixels = new byte[row * height];
        // A seeded generator, for it makes pictures, not secrets.
        new Random(seed).NextBytes(pixels);
        for (var y = 0; y < height; y++)
        {
            // How the row is filtered: not at all.
            pixels[y * row] = 0;
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        // One bit a pixel, grey.
        header[8] = 1;
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(pixels);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        var crc = chunk.AsSpan(4, data.Length + 4).ToArray()
            .Aggregate(uint.MaxValue, static (c, octet) => Crc[(byte)(c ^ octet)] ^ (c >> 8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), ~crc);
        return chunk;
    }
}
