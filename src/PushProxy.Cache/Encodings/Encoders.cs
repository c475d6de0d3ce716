using System.IO.Compression;
using ZstdSharp;

namespace PushProxy.Cache.Encodings;

/// <summary>br (RFC 7932).</summary>
internal sealed class BrotliContentEncoder : IContentEncoder
{
    private const int QuickQuality = 2, BestQuality = 11, LargestWindow = 22;

    public string Name => "br";

    public Stream Quick(Stream destination) =>
        new BrotliStream(destination, new BrotliCompressionOptions { Quality = QuickQuality }, leaveOpen: true);

    public byte[] Best(ReadOnlyMemory<byte> body)
    {
        var encoded = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body.Span, encoded, out var length, BestQuality, LargestWindow)
            ? encoded[..length] : throw new InvalidOperationException("The room for the encoded body is too small.");
    }
}

/// <summary>gzip (RFC 1952).</summary>
internal sealed class GzipContentEncoder : IContentEncoder
{
    public string Name => "gzip";

    public Stream Quick(Stream destination) => new GZipStream(destination, CompressionLevel.Fastest, leaveOpen: true);

    public byte[] Best(ReadOnlyMemory<byte> body)
    {
        using var encoded = new MemoryStream();
        using (var gzip = new GZipStream(encoded, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return encoded.ToArray();
    }
}

/// <summary>zstd (RFC 8878), with a window that every client takes (RFC 9659).</summary>
internal sealed class ZstdContentEncoder : IContentEncoder
{
    private const int QuickLevel = 3, BestLevel = 19;

    public string Name => "zstd";

    public Stream Quick(Stream destination) => new CompressionStream(destination, QuickLevel, leaveOpen: true);

    public byte[] Best(ReadOnlyMemory<byte> body)
    {
        using var compressor = new Compressor(BestLevel);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 23);
        return compressor.Wrap(body.Span).ToArray();
    }
}
