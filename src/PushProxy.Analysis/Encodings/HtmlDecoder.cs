using System.Buffers;
using System.Text;

namespace PushProxy.Analysis.Encodings;

/// <summary>
/// The bytes of a page as text, in the encoding a browser would take: byte order mark, then the Content-Type's charset, then
/// what a meta element in the first kilobyte says (HTML §13.2.3.2). A page that says nothing is read as UTF-8 if it is valid
/// UTF-8, else as windows-1252.
/// </summary>
internal readonly ref struct HtmlDecoder
{
    private static readonly SearchValues<byte> NeverSecond =
        SearchValues.Create([.. Enumerable.Range(0, 0x30).Concat(Enumerable.Range(0x3A, 6)).Select(b => (byte)b)]);

    private readonly char[] _pooled;

    private HtmlDecoder(char[] pooled, int length, Encoding encoding)
    {
        _pooled = pooled;
        Length = length;
        OutputEncoding = encoding is UnicodeEncoding ? EncodingLabels.Utf8 : encoding;
    }

    /// <summary>The text; only the first <see cref="Length"/> characters count. Rented: gone after <see cref="Dispose"/>.</summary>
    public char[] Chars => _pooled;

    /// <summary>How many characters there are.</summary>
    public int Length { get; }

    /// <summary>
    /// What URL queries are written in: the encoding found, or UTF-8 for UTF-16 (Encoding §4.3, "get an output encoding").
    /// </summary>
    public Encoding OutputEncoding { get; }

    /// <summary>Decodes a page. Never fails: what is malformed becomes U+FFFD, an unknown charset counts as none.</summary>
    public static HtmlDecoder Decode(ReadOnlySpan<byte> html, string? charset)
    {
        var encoding = ByteOrderMark(html, out var skip);
        encoding ??= EncodingLabels.Find(charset) ?? MetaPrescan.Find(html[..Math.Min(html.Length, MetaPrescan.Reach)]) ?? Guess(html);
        html = html[skip..];

        var chars = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(html.Length));
        try
        {
            return new(chars, IsDoubleByte(encoding) ? DecodeInPieces(html, chars, encoding) : encoding.GetChars(html, chars), encoding);
        }
        catch
        {
            ArrayPool<char>.Shared.Return(chars);
            throw;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<char>.Shared.Return(_pooled);

    // Not ISO-2022-JP, where what a byte means depends on all that went before.
    private static bool IsDoubleByte(Encoding encoding) =>
        !encoding.IsSingleByte && encoding is not (UTF8Encoding or UnicodeEncoding) && encoding.CodePage is not (50220 or 50221 or 50222);

    // Of half a character and a "<", .NET makes one U+FFFD where browsers keep the "<" (Encoding, "prepend byte"). These
    // bytes are never the second half of one, so they stand for themselves.
    private static int DecodeInPieces(ReadOnlySpan<byte> html, Span<char> chars, Encoding encoding)
    {
        var written = 0;
        while (!html.IsEmpty)
        {
            var length = html.IndexOfAny(NeverSecond);
            written += encoding.GetChars(length < 0 ? html : html[..length], chars[written..]);
            if (length < 0)
            {
                break;
            }

            chars[written++] = (char)html[length];
            html = html[(length + 1)..];
        }

        return written;
    }

    private static Encoding? ByteOrderMark(ReadOnlySpan<byte> html, out int length)
    {
        (length, var found) = html switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (3, EncodingLabels.Utf8),
            [0xFE, 0xFF, ..] => (2, EncodingLabels.Utf16BigEndian),
            [0xFF, 0xFE, ..] => (2, EncodingLabels.Utf16LittleEndian),
            _ => (0, null),
        };
        return found;
    }

    // The standard leaves this to the browser. A character cut in two at the end is the reader's doing, not the page's.
    private static Encoding Guess(ReadOnlySpan<byte> html)
    {
        for (var cut = 0; cut <= 3 && cut <= html.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(html[..^cut]))
            {
                return EncodingLabels.Utf8;
            }
        }

        return EncodingLabels.Windows1252;
    }
}
