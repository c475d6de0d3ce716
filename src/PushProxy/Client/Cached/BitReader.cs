using System.Buffers.Binary;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>Reads bits, the highest of a byte first. Past the end it reads nothing and <see cref="Failed"/> stays set.</summary>
/// <param name="padded">The bytes, and <see cref="Padding"/> zero ones behind them.</param>
internal ref struct BitReader(ReadOnlySpan<byte> padded)
{
    /// <summary>So that eight bytes can always be looked at.</summary>
    public const int Padding = 8;

    private readonly ReadOnlySpan<byte> _bytes = padded;
    private readonly int _end = (padded.Length - Padding) * 8;
    private int _at;

    public bool Failed { get; private set; }

    /// <summary>Whether nothing is left but what fills the last byte up, and that is zero.</summary>
    public readonly bool IsAtEnd => !Failed && _end - _at < 8 && Peek() == 0;

    /// <param name="count">0 to 32.</param>
    public uint Read(int count)
    {
        var value = (uint)(Peek() >> 32 >> (32 - count));
        Advance(count);
        return Failed ? 0 : value;
    }

    /// <summary>The number of zeros before the next one.</summary>
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

    /// <summary>Elias' gamma code: a number from 1 to 2³¹ in twice as many bits as it has, less one.</summary>
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

    /// <summary>At least the next 57 bits, from the top.</summary>
    private readonly ulong Peek() => BinaryPrimitives.ReadUInt64BigEndian(_bytes[(_at >> 3)..]) << (_at & 7);
}
