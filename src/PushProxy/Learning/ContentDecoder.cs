using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PushProxy.Learning;

/// <summary>Decodes a content coding (RFC 9110 §8.4) of a bounded copy, up to a limit of its own.</summary>
internal static class ContentDecoder
{
    /// <summary>Returns the coding in a Content-Encoding field; null if it is unknown or there are several.</summary>
    public static ContentCoding? Parse(StringValues contentEncoding)
    {
        if (contentEncoding.Count == 0)
        {
            return ContentCoding.Identity;
        }

        return contentEncoding.Count > 1 ? null : contentEncoding[0]!.Trim().ToLowerInvariant() switch
        {
            "" or "identity" => ContentCoding.Identity,
            "gzip" or "x-gzip" => ContentCoding.Gzip,
            "br" => ContentCoding.Brotli,
            "deflate" => ContentCoding.Deflate,
            "zstd" => ContentCoding.Zstandard,
            _ => null,
        };
    }

    /// <summary>The window that a body in the coding zstd may need: 8 MiB, as a power of two (RFC 9659 §3).</summary>
    private const int ZstandardWindow = 23;

    /// <summary>Decodes something small in each coding, so that the decoders are ready (<see cref="Preload"/>).</summary>
    public static void WarmUp()
    {
        foreach (var coding in new[] { ContentCoding.Gzip, ContentCoding.Brotli, ContentCoding.Zstandard, ContentCoding.Deflate })
        {
            using var coded = new MemoryStream();
            using (Stream coder = coding switch
            {
                ContentCoding.Gzip => new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true),
                ContentCoding.Brotli => new BrotliStream(coded, CompressionLevel.Fastest, leaveOpen: true),
                ContentCoding.Zstandard => new CompressionStream(coded, level: 1, leaveOpen: true),
                _ => new ZLibStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            })
            {
                coder.Write("warm"u8);
            }

            Decode(coded.ToArray(), coding, 16, out _);
        }
    }

    /// <summary>Decodes at most <paramref name="limit"/> bytes. A body that ends early or is broken is decoded up to that point.</summary>
    /// <param name="body">The body, or its beginning.</param>
    /// <param name="coding">The content coding of the body.</param>
    /// <param name="limit">The maximum number of decoded bytes. A small body may decode to gigabytes.</param>
    /// <param name="broken">True if the bytes are not in that coding, or end in the middle of it.</param>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, ContentCoding coding, int limit, out bool broken)
    {
        broken = false;
        if (coding == ContentCoding.Identity)
        {
            return body.Length <= limit ? body : body[..limit];
        }

        using var input = new MemoryStream(body.ToArray(), writable: false);
        using Stream decoder = coding switch
        {
            ContentCoding.Gzip => new GZipStream(input, CompressionMode.Decompress),
            ContentCoding.Brotli => new BrotliStream(input, CompressionMode.Decompress),
            ContentCoding.Zstandard => Zstandard(input),
            _ => IsZlib(body.Span)
                ? new ZLibStream(input, CompressionMode.Decompress) : new DeflateStream(input, CompressionMode.Decompress),
        };

        var output = new MemoryStream(Math.Min(limit, body.Length * 4));
        var buffer = new byte[8192];
        try
        {
            while (output.Length < limit)
            {
                var read = decoder.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - output.Length));
                if (read == 0)
                {
                    break;
                }

                output.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or ZstdException)
        {
            broken = true;
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private static DecompressionStream Zstandard(Stream input)
    {
        var stream = new DecompressionStream(input);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstandardWindow);
        return stream;
    }

    /// <summary>
    /// Returns whether the body is in the zlib format, which "deflate" means (RFC 9110 §8.4.1.2). Some servers send the bare stream. The
    /// zlib header shows the difference (RFC 1950 §2.2).
    /// </summary>
    private static bool IsZlib(ReadOnlySpan<byte> body) =>
        body.Length >= 2 && (body[0] & 0x0F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;
}
