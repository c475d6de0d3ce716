using System.Buffers.Binary;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>
/// Reads bits, starting with the highest bit of each byte. Reading past the end returns zeros and sets <see cref="Failed"/>, which stays
/// set.
/// </summary>
/// <param name="padded">The bytes to read, followed by <see cref="Padding"/> zero bytes.</param>
internal ref struct BitReader(ReadOnlySpan<byte> padded)
{
    /// <summary>The number of padding bytes, so that reading eight bytes at once is always possible.</summary>
    public const int Padding = 8;

    private readonly ReadOnlySpan<byte> _bytes = padded;
    private readonly int _end = (padded.Length - Padding) * 8;
    private int _at;

    public bool Failed { get; private set; }

    /// <summary>Whether only the bits that fill the last byte are left, and these are zero.</summary>
    public readonly bool IsAtEnd => !Failed && _end - _at < 8 && Peek() == 0;

    /// <param name="count">The number of bits, 0 to 32.</param>
    public uint Read(int count)
    {
        var value = (uint)(Peek() >> 32 >> (32 - count));
        Advance(count);
        return Failed ? 0 : value;
    }

    /// <summary>Reads zeros up to the next one, and returns how many there were.</summary>
    public int ReadUnary()
    {
        var zeros = 0;
        while (!Failed)
        {
            var some = BitOperations.LeadingZeroCount(Peek());
            if (some < 64)
            {
                Advance(some + 1);
                return zeros + some;
            }

            zeros += 56;
            Advance(56);
        }

        return 0;
    }

    /// <summary>Reads a number from 1 to 2³¹ in Elias' gamma code. A number of n bits takes 2n − 1 bits.</summary>
    public uint ReadGamma()
    {
        var bits = ReadUnary();
        if (bits > 31)
        {
            Failed = true;
            return 0;
        }

        return (1u << bits) | Read(bits);
    }

    private void Advance(int count)
    {
        _at += count;
        if (_at > _end)
        {
            _at = _end;
            Failed = true;
        }
    }

    /// <summary>Returns at least the next 57 bits, starting at the highest bit.</summary>
    private readonly ulong Peek() => BinaryPrimitives.ReadUInt64BigEndian(_bytes[(_at >> 3)..]) << (_at & 7);
}
