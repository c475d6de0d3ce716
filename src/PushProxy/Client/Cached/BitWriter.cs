using System.Buffers.Binary;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>Writes bits, starting with the highest bit of each byte. Bits that do not fit are counted but not stored.</summary>
/// <param name="padded">The bytes to write to, followed by <see cref="Padding"/> more. All must be zero.</param>
internal ref struct BitWriter(Span<byte> padded)
{
    /// <summary>The number of padding bytes, so that writing eight bytes at once is always possible.</summary>
    public const int Padding = 8;

    private readonly Span<byte> _bytes = padded;

    /// <summary>The number of bits written so far.</summary>
    public int Length { get; private set; }

    /// <param name="value">The value. Its low bits are written, and the bits above them must be zero.</param>
    /// <param name="count">The number of bits, 0 to 32.</param>
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

    /// <summary>Writes this many zeros, followed by a one.</summary>
    public void WriteUnary(int zeros)
    {
        Length += zeros;
        Write(1, 1);
    }

    /// <summary>Writes a number in Elias' gamma code. See <see cref="BitReader.ReadGamma"/>.</summary>
    public void WriteGamma(uint value)
    {
        var bits = BitOperations.Log2(value);
        WriteUnary(bits);
        Write(value & ((1u << bits) - 1), bits);
    }
}
