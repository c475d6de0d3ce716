using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace PushProxy.Client.Cached;

/// <summary>Reads the text of a cookie. It accepts any text. A text that is not in this format gives an empty set.</summary>
internal static class CachedSetReader
{
    /// <summary>Reads a set and leaves out expired entries. <see cref="CachedSetFormat.MaxTextLength"/> limits the work.</summary>
    /// <param name="text">The cookie's value; empty if the request has no cookie.</param>
    /// <param name="now">The time, which decides which entries have expired.</param>
    /// <param name="room">See <see cref="CachedSet"/>.</param>
    /// <param name="limit">See <see cref="CachedSet"/>.</param>
    /// <returns>
    /// The set. If the text cannot be read, it is empty and <see cref="CachedSet.HasChanged"/> is set, so that the cookie is replaced.
    /// </returns>
    public static CachedSet Read(ReadOnlySpan<char> text, DateTimeOffset now, Span<uint> room, int limit)
    {
        var set = new CachedSet(room, limit);
        if (text.IsEmpty)
        {
            return set;
        }

        Span<byte> bytes = stackalloc byte[CachedSetFormat.MaxBytes + BitReader.Padding];
        var isReadable = Decode(text, bytes, out var length)
            && ReadEntries(new BitReader(bytes[CachedSetFormat.HeaderBytes..(length + BitReader.Padding)]), CoarseTime.MinutesAt(now),
                ref set);
        if (!isReadable)
        {
            set.Clear();
        }

        set.HasChanged = !isReadable;
        return set;
    }

    private static bool Decode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        if (text.Length > CachedSetFormat.MaxTextLength
            || Base64Url.DecodeFromChars(text, bytes, out _, out length) != OperationStatus.Done
            || length <= CachedSetFormat.HeaderBytes
            || bytes[0] != CachedSetFormat.Version
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) != CachedSetFormat.Check(bytes[CachedSetFormat.HeaderBytes..length]))
        {
            return false;
        }

        bytes.Slice(length, BitReader.Padding).Clear();
        return true;
    }

    private static bool ReadEntries(scoped BitReader bits, uint now, ref CachedSet set)
    {
        // This format never writes an expiry later than the longest lifetime. One day is added because clocks may differ.
        var latest = now + (uint)(CoarseTime.MaxLifetime.TotalMinutes + TimeSpan.FromDays(1).TotalMinutes);
        Span<ushort> hashes = stackalloc ushort[CachedSet.MaxEntries];
        var total = 0L;
        var groups = bits.ReadGamma();
        for (ulong group = 0, minutes = 0; group < groups; group++)
        {
            if (group == 0)
            {
                minutes = bits.Read(CoarseTime.Bits);
            }
            else
            {
                var zeros = (int)bits.Read(CachedSetFormat.ZerosBits);
                minutes = ((minutes >> zeros) + bits.ReadGamma()) << zeros;
            }

            var count = bits.ReadGamma();
            total += count;
            if (bits.Failed || minutes > latest || total > CachedSet.MaxEntries || !ReadHashes(ref bits, hashes[..(int)count]))
            {
                return false;
            }

            if (minutes > now)
            {
                set.Append(hashes[..(int)count], (uint)minutes);
            }
        }

        return bits.IsAtEnd;
    }

    private static bool ReadHashes(ref BitReader bits, Span<ushort> hashes)
    {
        var rice = CachedSetFormat.RiceBits(hashes.Length);
        var hash = -1;
        for (var i = 0; i < hashes.Length; i++)
        {
            hash += 1 + ((bits.ReadUnary() << rice) | (int)bits.Read(rice));
            if (bits.Failed || hash > ushort.MaxValue)
            {
                return false;
            }

            hashes[i] = (ushort)hash;
        }

        return true;
    }
}
