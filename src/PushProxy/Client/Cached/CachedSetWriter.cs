using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>Writes the text of a cookie. The same entries always give the same text.</summary>
internal static class CachedSetWriter
{
    /// <summary>
    /// The maximum number of bits for one entry: its gap, and the expiry and count of a group of its own. It is used only for an estimate.
    /// </summary>
    private const int MaxEntryBits = 80;

    /// <param name="set">The set to write. If not all entries fit, those that expire soonest are left out.</param>
    /// <param name="text">The buffer for the text. Its length is the limit, up to <see cref="CachedSetFormat.MaxTextLength"/>.</param>
    /// <returns>The number of characters written; 0 for an empty set.</returns>
    public static int Write(in CachedSet set, Span<char> text)
    {
        Span<ulong> entries = stackalloc ulong[CachedSet.MaxEntries];
        entries = entries[..set.CopySorted(entries)];
        var room = Math.Min(text.Length, CachedSetFormat.MaxTextLength) * 6 / 8;
        Span<byte> bytes = stackalloc byte[CachedSetFormat.MaxBytes + BitWriter.Padding];
        while (!entries.IsEmpty)
        {
            bytes.Clear();
            var bits = new BitWriter(bytes[CachedSetFormat.HeaderBytes..]);
            WriteEntries(entries, ref bits);
            var length = CachedSetFormat.HeaderBytes + ((bits.Length + 7) / 8);
            if (length <= room)
            {
                bytes[0] = CachedSetFormat.Version;
                BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], CachedSetFormat.Check(bytes[CachedSetFormat.HeaderBytes..length]));
                return Base64Url.EncodeToChars(bytes[..length], text);
            }

            entries = entries[Math.Clamp((length - room) * 8 / MaxEntryBits, 1, entries.Length)..];
        }

        return 0;
    }

    private static void WriteEntries(ReadOnlySpan<ulong> entries, ref BitWriter bits)
    {
        bits.WriteGamma(CountGroups(entries));
        for (uint before = 0; !entries.IsEmpty;)
        {
            var minutes = MinutesOf(entries[0]);
            if (before == 0)
            {
                bits.Write(minutes, CoarseTime.Bits);
            }
            else
            {
                // A coarse time ends in zeros. The number of zeros is written, and then by how much the digits before them exceed those of
                // the previous group.
                var zeros = Math.Min(BitOperations.TrailingZeroCount(minutes), CachedSetFormat.MaxZeros);
                bits.Write((uint)zeros, CachedSetFormat.ZerosBits);
                bits.WriteGamma((minutes >> zeros) - (before >> zeros));
            }

            var count = 1;
            while (count < entries.Length && MinutesOf(entries[count]) == minutes)
            {
                count++;
            }

            WriteGroup(entries[..count], ref bits);
            entries = entries[count..];
            before = minutes;
        }
    }

    private static void WriteGroup(ReadOnlySpan<ulong> entries, ref BitWriter bits)
    {
        bits.WriteGamma((uint)entries.Length);
        var rice = CachedSetFormat.RiceBits(entries.Length);
        var before = -1;
        foreach (var entry in entries)
        {
            var gap = (ushort)entry - before - 1;
            bits.WriteUnary(gap >> rice);
            bits.Write((uint)gap & ((1u << rice) - 1), rice);
            before = (ushort)entry;
        }
    }

    private static uint CountGroups(ReadOnlySpan<ulong> entries)
    {
        var groups = 1u;
        for (var i = 1; i < entries.Length; i++)
        {
            groups += MinutesOf(entries[i]) != MinutesOf(entries[i - 1]) ? 1u : 0;
        }

        return groups;
    }

    private static uint MinutesOf(ulong entry) => (uint)(entry >> CachedSet.HashBits);
}
