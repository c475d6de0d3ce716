using System.Buffers;
using System.Text;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>
/// Header fields as RFC 7541 writes them, using the static table and literals <em>without</em> indexing only. Such a block
/// changes no dynamic table, so it can be put between the blocks of another encoder, or be read by two decoders.
/// </summary>
internal static class HpackWriter
{
    private const byte Indexed = 0x80;
    private const byte WithoutIndexing = 0x00;
    private const byte NeverIndexed = 0x10;
    private const byte SizeUpdate = 0x20;

    public static void WriteIndexed(IBufferWriter<byte> to, int index) => WriteInteger(to, Indexed, 7, index);

    /// <summary>A dynamic table size update (RFC 7541 §6.3); allowed at the beginning of a block only.</summary>
    public static void WriteSizeUpdate(IBufferWriter<byte> to, uint size) => WriteInteger(to, SizeUpdate, 5, size);

    public static void WriteLiteral(IBufferWriter<byte> to, string name, string value)
    {
        // RFC 7541 §7.1.3: a credential is marked so that no intermediary puts it in a table either.
        var sensitive = name.Equals("cookie", StringComparison.OrdinalIgnoreCase)
            || name.Equals("authorization", StringComparison.OrdinalIgnoreCase);
        var kind = sensitive ? NeverIndexed : WithoutIndexing;
        var index = StaticTable.IndexOfName(name);
        WriteInteger(to, kind, 4, index);
        if (index == 0)
        {
            // RFC 9113 §8.2.1: "Field names MUST be converted to lowercase when constructing an HTTP/2 message."
            WriteString(to, name.ToLowerInvariant());
        }

        WriteString(to, value);
    }

    private static void WriteString(IBufferWriter<byte> to, string text)
    {
        WriteInteger(to, 0, 7, text.Length);
        to.Advance(Encoding.ASCII.GetBytes(text, to.GetSpan(Math.Max(1, text.Length))));
    }

    // RFC 7541 §5.1
    private static void WriteInteger(IBufferWriter<byte> to, byte kind, int prefixBits, long value)
    {
        var span = to.GetSpan(10);
        var limit = (1 << prefixBits) - 1;
        if (value < limit)
        {
            span[0] = (byte)(kind | (int)value);
            to.Advance(1);
            return;
        }

        span[0] = (byte)(kind | limit);
        value -= limit;
        var length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        to.Advance(length);
    }
}
