using System.IO.Hashing;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>
/// What reader and writer of the cookie's text share. docs/client-cache.md has the format. The text is base64url (RFC 4648 §5) without
/// padding, of: the version, one byte; a check of all that follows, two bytes; and the entries in bits.
/// </summary>
internal static class CachedSetFormat
{
    public const byte Version = 1;

    public const int HeaderBytes = 3;

    /// <summary>Bits for the number of trailing zeros of a group's expiry.</summary>
    public const int ZerosBits = 5;

    public const int MaxZeros = (1 << ZerosBits) - 1;

    /// <summary>No text is longer, in characters.</summary>
    public const int MaxTextLength = 1024;

    public const int MaxBytes = MaxTextLength / 4 * 3;

    /// <summary>
    /// How many bits of the gap between two hashes are written as they are (Rice's code): about the logarithm of the mean gap among
    /// <paramref name="count"/> of them, less what makes the code shortest.
    /// </summary>
    public static int RiceBits(int count) => CachedSet.HashBits - 1 - BitOperations.Log2((uint)count);

    public static ushort Check(ReadOnlySpan<byte> entries) => (ushort)XxHash3.HashToUInt64(entries, Version);
}
