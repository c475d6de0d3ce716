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
    private readonly char[] _pooled;

    private HtmlDecoder(char[] pooled, int length, Encoding encoding)
    {
        _pooled = pooled;
        Length = length;
        Encoding = encoding;
    }

    /// <summary>The text; only the first <see cref="Length"/> characters count. Rented: gone after <see cref="Dispose"/>.</summary>
    public char[] Chars => _pooled;

    /// <summary>How many characters there are.</summary>
    public int Length { get; }

    /// <summary>The encoding found; URL queries are written in it.</summary>
    public Encoding Encoding { get; }

    /// <summary>Decodes a page. Never fails: what is malformed becomes U+FFFD, an unknown charset counts as none.</summary>
    public static HtmlDecoder Decode(ReadOnlySpan<byte> html, string? charset)
    {
        var encoding = ByteOrderMark(html, out var skip);
        encoding ??= EncodingLabels.Find(charset) ?? MetaPrescan.Find(html[..Math.Min(html.Length, MetaPrescan.Reach)]) ?? Guess(html);
        html = html[skip..];

        var chars = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(html.Length));
        try
        {
            return new(chars, encoding.GetChars(html, chars), encoding);
        }
        catch
        {
            ArrayPool<char>.Shared.Return(chars);
            throw;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<char>.Shared.Return(_pooled);

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
