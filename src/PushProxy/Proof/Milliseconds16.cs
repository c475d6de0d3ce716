namespace PushProxy.Proof;

/// <summary>
/// A time in 16 bits, so that a million of them fit in two megabytes and can be counted instead of sorted: five bits of exponent and
/// eleven of fraction, which keeps the order, whole milliseconds up to 4,096 exactly, and all others to 0.025 %.
/// </summary>
internal static class Milliseconds16
{
    /// <summary>How many codes there are.</summary>
    public const int Codes = 1 << 16;

    /// <summary>The longest time kept, ten minutes. What takes longer, or says so, counts as this.</summary>
    public const double Max = 600_000;

    private const int DroppedBits = 12;

    // 2^-12 ms: the shortest time kept apart from 0.
    private const int Lowest = (127 - 12) << (23 - DroppedBits);

    /// <summary>Returns the code of a time.</summary>
    /// <param name="milliseconds">The time, a number. It is clamped to 0 … <see cref="Max"/>.</param>
    public static ushort Encode(double milliseconds)
    {
        var bits = BitConverter.SingleToInt32Bits((float)Math.Clamp(milliseconds, 0, Max));
        return (ushort)Math.Max(0, ((bits + (1 << (DroppedBits - 1))) >> DroppedBits) - Lowest);
    }

    /// <summary>Returns the time of a code.</summary>
    /// <param name="code">The code.</param>
    public static double Decode(int code) => code == 0 ? 0 : BitConverter.Int32BitsToSingle((code + Lowest) << DroppedBits);
}
