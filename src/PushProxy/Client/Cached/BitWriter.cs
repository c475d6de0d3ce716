using System.Buffers.Binary;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>Writes bits, the highest of a byte first. What does not fit is counted and not kept.</summary>
/// <param name="padded">The bytes, and <see cref="Padding"/> more behind them; all zero.</param>
internal ref struct BitWriter(Span<byte> padded)
{
    /// <summary>So that eight bytes can always be written.</summary>
    public const int Padding = 8;

    private readonly Span<byte> _bytes = padded;

    /// <summary>Bits so far.</summary>
    public int Length { get; private set; }

    /// <param name="value">Its low bits are written; those above are zero.</param>
    /// <param name="count">0 to 32.</param>
    public void Write(uint value, int count)
    {
        var at = Length >> 3;
        if (at <= _bytes.Length - Padding)
        {
            var eight = _bytes.Slice(at, Padding);
            var aligned = (ulong)value << (64 - count - (Length & 7));
            BinaryPrimitives.WriteUInt64BigEndian(eight, BinaryPrimitives.ReadUInt64BigEndian(eight) | aligned);
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
