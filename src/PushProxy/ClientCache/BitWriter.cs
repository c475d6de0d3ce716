using System.Numerics;

namespace PushProxy.ClientCache;

/// <summary>Writes bits, the highest of a byte first. What does not fit is counted and not kept.</summary>
/// <param name="bytes">Zeroed.</param>
internal ref struct BitWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bits so far.</summary>
    public int Length { get; private set; }

    /// <param name="value">Its low bits are written; those above are zero.</param>
    /// <param name="count">0 to 32.</param>
    public void Write(uint value, int count)
    {
        // At most five bytes are touched.
        var aligned = (ulong)value << (64 - count - (Length & 7));
        for (var at = Length >> 3; aligned != 0 && at < _bytes.Length; at++, aligned <<= 8)
        {
            _bytes[at] |= (byte)(aligned >> 56);
        }

        Length += count;
    }

    /// <summary>As many zeros, and a one.</summary>
    public void WriteUnary(int zeros)
    {
        Length += zeros;
        Write(1, 1);
    }

    /// <summary>See <see cref="BitReader.ReadGamma"/>.</summary>
    public void WriteGamma(uint value)
    {
        var bits = BitOperations.Log2(value);
        WriteUnary(bits);
        Write(value & ((1u << bits) - 1), bits);
    }
}
