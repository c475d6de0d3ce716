using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PushProxy.Server.AccessLog;

/// <summary>
/// Writes the parts of lines. What a client sent is escaped so that it ends neither the line nor its quotes, and obeys no terminal: only
/// printable ASCII is written.
/// </summary>
internal static class AccessText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Where(static c => c is not ('"' or '\\'))]);

    /// <summary>Writes what needs no escaping.</summary>
    public static void Raw(this IBufferWriter<byte> line, ReadOnlySpan<byte> text) => line.Write(text);

    public static void Number(this IBufferWriter<byte> line, long value)
    {
        Utf8Formatter.TryFormat(value, line.GetSpan(20), out var written);
        line.Advance(written);
    }

    /// <summary>Writes seconds.</summary>
    /// <param name="line">The line.</param>
    /// <param name="value">A time that is not negative.</param>
    /// <param name="decimals">How many digits follow the point.</param>
    public static void Seconds(this IBufferWriter<byte> line, TimeSpan value, byte decimals)
    {
        Utf8Formatter.TryFormat(value.TotalSeconds, line.GetSpan(40), out var written, new StandardFormat('F', decimals));
        line.Advance(written);
    }

    public static void Time(this IBufferWriter<byte> line, DateTimeOffset time, string format)
    {
        Utf8.TryWrite(line.GetSpan(64), CultureInfo.InvariantCulture, $"{time.ToString(format, CultureInfo.InvariantCulture)}", out var n);
        line.Advance(n);
    }

    /// <summary>
    /// Writes a text of a client as nginx does: what is not printable ASCII, quotes and backslashes are <c>\xHH</c>, a byte each.
    /// </summary>
    public static void Bytes(this IBufferWriter<byte> line, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        while (Plain(line, ref text))
        {
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            var count = 1;
            if (text[0] <= 0xFF)
            {
                // Field values are read in ISO 8859-1, so this is the byte that came.
                bytes[0] = (byte)text[0];
            }
            else
            {
                count = rune.EncodeToUtf8(bytes);
            }

            foreach (var b in bytes[..count])
            {
                line.Write("\\x"u8);
                Hex(line, b);
            }

            text = text[length..];
        }
    }

    /// <summary>Writes a text as a JSON string. Bytes that are UTF-8 are read as that.</summary>
    public static void Json(this IBufferWriter<byte> line, string text)
    {
        line.Write("\""u8);
        var rest = Decoded(text).AsSpan();
        while (Plain(line, ref rest))
        {
            if (rest[0] is '"' or '\\')
            {
                line.Write("\\"u8);
                line.Write([(byte)rest[0]]);
            }
            else
            {
                line.Write("\\u"u8);
                Hex(line, (byte)(rest[0] >> 8));
                Hex(line, (byte)rest[0]);
            }

            rest = rest[1..];
        }

        line.Write("\""u8);
    }

    /// <summary>Returns the text that its bytes are in UTF-8; the text itself if they are none.</summary>
    public static string Decoded(string text)
    {
        if (Ascii.IsValid(text) || text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF'))
        {
            return text;
        }

        var bytes = Encoding.Latin1.GetBytes(text);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }

    // Writes what needs no escape, and returns whether something is left that does.
    private static bool Plain(IBufferWriter<byte> line, ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(s_plain);
        var plain = end < 0 ? text : text[..end];
        Encoding.ASCII.GetBytes(plain, line);
        text = end < 0 ? [] : text[end..];
        return end >= 0;
    }

    private static void Hex(IBufferWriter<byte> line, byte value)
    {
        var digits = "0123456789ABCDEF"u8;
        line.Write([digits[value >> 4], digits[value & 15]]);
    }
}
