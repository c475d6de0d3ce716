using System.Text;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>
/// RFC 7541 as a client reads it, written for the tests alone. Kestrel does not use Huffman coding, so neither does this.
/// </summary>
internal sealed class HpackReader
{
    private static readonly (string Name, string Value)[] s_static = Static().ToArray();
    private readonly List<(string Name, string Value)> _dynamic = [];
    private uint _allowed = 4096;
    private uint _capacity = 4096;
    private uint? _mustShrinkTo;

    /// <summary>The client's own SETTINGS_HEADER_TABLE_SIZE, once it has been acknowledged.</summary>
    public void Allow(uint size)
    {
        if (size < _capacity)
        {
            _mustShrinkTo = Math.Min(_mustShrinkTo ?? uint.MaxValue, size);
        }

        _allowed = size;
    }

    public List<(string Name, string Value)> Read(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string, string)>();
        while (!block.IsEmpty)
        {
            var first = block[0];
            if ((first & 0xe0) == 0x20)
            {
                WireException.ThrowIf(fields.Count > 0, "A size update after a field.");
                Resize((uint)Integer(ref block, 5));
                continue;
            }

            WireException.ThrowIf(_mustShrinkTo is not null, "The first block after a smaller table does not begin with a size update.");
            if ((first & 0x80) != 0)
            {
                fields.Add(At((int)Integer(ref block, 7)));
                continue;
            }

            var indexing = (first & 0xc0) == 0x40;
            var index = (int)Integer(ref block, indexing ? 6 : 4);
            var name = index == 0 ? Text(ref block) : At(index).Name;
            var field = (name, Text(ref block));
            fields.Add(field);
            if (indexing)
            {
                _dynamic.Insert(0, field);
                Evict();
            }
        }

        WireException.ThrowIf(_mustShrinkTo is not null, "A block without the size update that is due.");
        return fields;
    }

    private void Resize(uint size)
    {
        WireException.ThrowIf(size > _allowed, $"A table of {size} where {_allowed} is allowed.");
        if (_mustShrinkTo is { } limit && size <= limit)
        {
            _mustShrinkTo = null;
        }

        _capacity = size;
        Evict();
    }

    private void Evict()
    {
        while (_dynamic.Sum(field => field.Name.Length + field.Value.Length + 32L) > _capacity)
        {
            _dynamic.RemoveAt(_dynamic.Count - 1);
        }
    }

    private (string Name, string Value) At(int index)
    {
        WireException.ThrowIf(index < 1 || index > s_static.Length + _dynamic.Count, $"Index {index} is in no table.");
        return index <= s_static.Length ? s_static[index - 1] : _dynamic[index - 1 - s_static.Length];
    }

    private static long Integer(ref ReadOnlySpan<byte> block, int bits)
    {
        long value = block[0] & ((1 << bits) - 1);
        block = block[1..];
        if (value < (1 << bits) - 1)
        {
            return value;
        }

        for (var shift = 0; ; shift += 7)
        {
            var octet = block[0];
            block = block[1..];
            value += (long)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        WireException.ThrowIf((block[0] & 0x80) != 0, "Huffman coding, which this reader does not know.");
        var length = (int)Integer(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static IEnumerable<(string, string)> Static()
    {
        foreach (var pair in ":authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|:status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate|accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate".Split('|'))
        {
            var blank = pair.IndexOf(' ', StringComparison.Ordinal);
            yield return blank < 0 ? (pair, "") : (pair[..blank], pair[(blank + 1)..]);
        }
    }
}
