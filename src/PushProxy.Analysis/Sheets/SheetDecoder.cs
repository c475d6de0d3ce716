using System.Buffers;
using System.Text;
using PushProxy.Analysis.Encodings;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// The bytes of a stylesheet as text: byte order mark, then the Content-Type's charset, then <c>@charset</c>, then the encoding of
/// what names it (CSS Syntax 3 §3.2).
/// </summary>
internal static class SheetDecoder
{
    private const int CharsetReach = 1024;

    /// <summary>The encoding, and how long the mark in front is, in bytes.</summary>
    public static (Encoding Encoding, int Skip) EncodingOf(ReadOnlySpan<byte> bytes, string? charset, Encoding fallback) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (EncodingLabels.Utf8, 3),
        [0xFE, 0xFF, ..] => (EncodingLabels.Utf16BigEndian, 2),
        [0xFF, 0xFE, ..] => (EncodingLabels.Utf16LittleEndian, 2),
        _ => (EncodingLabels.Find(charset) ?? AtCharset(bytes) ?? fallback, 0),
    };

    /// <summary>Decodes, and hands the text to a reader. What is malformed becomes U+FFFD.</summary>
    public static T Read<T>(ReadOnlySpan<byte> bytes, Encoding encoding, Func<ReadOnlySpan<char>, T> reader)
    {
        var chars = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(bytes.Length));
        try
        {
            return reader(chars.AsSpan(0, encoding.GetChars(bytes, chars)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    // The rule counts only if it is written with exactly these bytes.
    private static Encoding? AtCharset(ReadOnlySpan<byte> bytes)
    {
        var start = "@charset \""u8;
        if (!bytes.StartsWith(start))
        {
            return null;
        }

        var rest = bytes[start.Length..Math.Min(bytes.Length, CharsetReach)];
        var end = rest.IndexOf((byte)'"');
        if (end < 0 || end + 1 >= rest.Length || rest[end + 1] != ';')
        {
            return null;
        }

        // What can be read byte by byte is not in UTF-16, whatever it says.
        return EncodingLabels.Find(Encoding.Latin1.GetString(rest[..end])) switch
        {
            UnicodeEncoding => EncodingLabels.Utf8,
            var found => found,
        };
    }
}
