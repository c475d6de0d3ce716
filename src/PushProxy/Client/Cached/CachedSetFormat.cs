using System.IO.Hashing;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>
/// Holds what the reader and the writer of the cookie's text share. docs/client-cache.md describes the format. The text is base64url (RFC
/// 4648 §5) without padding. It encodes one byte for the version, two bytes for a checksum of all that follows, and the entries as bits.
/// </summary>
internal static class CachedSetFormat
{
    public const byte Version = 1;

    public const int HeaderBytes = 3;

    /// <summary>The number of bits that hold the number of trailing zeros in a group's expiry.</summary>
    public const int ZerosBits = 5;

    public const int MaxZeros = (1 << ZerosBits) - 1;

    /// <summary>The maximum length of the text, in characters.</summary>
    public const int MaxTextLength = 1024;

    public const int MaxBytes = MaxTextLength / 4 * 3;

    /// <summary>
    /// Returns how many low bits of the gap between two hashes are written unchanged (Rice coding). It is about the logarithm of the mean
    /// gap among <paramref name="count"/> hashes, less a correction that makes the code shortest.
    /// </summary>
    public static int RiceBits(int count) => CachedSet.HashBits - 1 - BitOperations.Log2((uint)count);

    public static ushort Check(ReadOnlySpan<byte> entries) => (ushort)XxHash3.HashToUInt64(entries, Version);
}
