using System.Runtime.InteropServices;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// What a client has according to its cookie. It holds 16 bits of the hash of each resource and version, and when the resource expires. It
/// lives on the stack while it is read or changed. <see cref="CachedSetReader"/> and <see cref="CachedSetWriter"/> convert it to and from
/// text. It always finds an entry that was added and has not expired. It wrongly finds one in 65,536 divided by <see cref="Count"/> of the
/// others.
/// </summary>
internal ref struct CachedSet
{
    /// <summary>The maximum number of entries in a cookie.</summary>
    public const int MaxEntries = 300;

    /// <summary>The number of elements that the constructor needs as memory.</summary>
    public const int Room = MaxEntries + (MaxEntries / 2);

    /// <summary>
    /// How many bits of <see cref="ResourceVersion"/> are kept. With the maximum number of entries, one lookup in 218 is wrong.
    /// </summary>
    public const int HashBits = 16;

    private readonly Span<uint> _minutes;
    private readonly Span<ushort> _hashes;
    private readonly int _limit;

    /// <summary>Creates an empty set.</summary>
    /// <param name="room">The memory for the set, <see cref="Room"/> numbers. Its content does not matter.</param>
    /// <param name="limit">
    /// The maximum number of entries, 1 to <see cref="MaxEntries"/>. When it is reached, the entry that expires soonest is removed.
    /// </param>
    public CachedSet(Span<uint> room, int limit)
    {
        _minutes = room[..MaxEntries];
        _hashes = MemoryMarshal.Cast<uint, ushort>(room[MaxEntries..Room]);
        _limit = Math.Min(limit, MaxEntries);
    }

    public int Count { get; private set; }

    /// <summary>
    /// Whether the client needs a new cookie, because an entry was added or removed or could not be read. Expired entries do not count as a
    /// change.
    /// </summary>
    public bool HasChanged { get; set; }

    /// <summary>The expiry of the entry that lasts longest; <see cref="CoarseTime.None"/> for an empty set.</summary>
    public readonly CoarseTime LastExpiry
    {
        get
        {
            var last = 0u;
            foreach (var minutes in _minutes[..Count])
            {
                last = Math.Max(last, minutes);
            }

            return new CoarseTime(last);
        }
    }

    public readonly bool Contains(ResourceVersion version) => _hashes[..Count].Contains(HashOf(version));

    /// <summary>
    /// Adds a version that the client has, or extends its time. Changes nothing if the set already says so for at least as long.
    /// </summary>
    public void Add(ResourceVersion version, CoarseTime until)
    {
        if (until != CoarseTime.None)
        {
            Add(HashOf(version), until.Minutes);
        }
    }

    /// <summary>Removes a version that the client turned out not to have.</summary>
    public void Remove(ResourceVersion version)
    {
        if (_hashes[..Count].IndexOf(HashOf(version)) is >= 0 and var at)
        {
            RemoveAt(at);
            HasChanged = true;
        }
    }

    /// <summary>Copies the entries, sorted by expiry and then by hash.</summary>
    /// <returns>The number of entries. Each has its expiry from bit 16 up and its hash below.</returns>
    public readonly int CopySorted(Span<ulong> entries)
    {
        for (var i = 0; i < Count; i++)
        {
            entries[i] = Entry(_minutes[i], _hashes[i]);
        }

        Sort(entries[..Count]);
        return Count;
    }

    internal void Clear() => Count = 0;

    /// <summary>
    /// Adds entries that were read and share one expiry. Their hashes should not be in the set, but a duplicate does no harm.
    /// </summary>
    internal void Append(scoped ReadOnlySpan<ushort> hashes, uint minutes)
    {
        if (Count + hashes.Length <= _limit)
        {
            hashes.CopyTo(_hashes[Count..]);
            _minutes.Slice(Count, hashes.Length).Fill(minutes);
            Count += hashes.Length;
            return;
        }

        foreach (var hash in hashes)
        {
            Add(hash, minutes);
        }
    }

    private void Add(ushort hash, uint minutes)
    {
        var at = _hashes[..Count].IndexOf(hash);
        if (at >= 0 ? minutes <= _minutes[at] : Count >= _limit && !MakeRoom(hash, minutes))
        {
            return;
        }

        at = at >= 0 ? at : Count++;
        _hashes[at] = hash;
        _minutes[at] = minutes;
        HasChanged = true;
    }

    /// <summary>
    /// Removes the entry that expires soonest. Ties are decided by the hash, so the result does not depend on the order in which entries
    /// were added. Returns false if the new entry itself would expire soonest.
    /// </summary>
    private bool MakeRoom(ushort hash, uint minutes)
    {
        var first = 0;
        var soonest = ulong.MaxValue;
        for (var i = 0; i < Count; i++)
        {
            var entry = Entry(_minutes[i], _hashes[i]);
            (soonest, first) = entry < soonest ? (entry, i) : (soonest, first);
        }

        if (Entry(minutes, hash) < soonest)
        {
            return false;
        }

        RemoveAt(first);
        return true;
    }

    /// <summary>Removes an entry and keeps the order of the others, which <see cref="Sort"/> relies on.</summary>
    private void RemoveAt(int at)
    {
        _hashes[(at + 1)..Count].CopyTo(_hashes[at..]);
        _minutes[(at + 1)..Count].CopyTo(_minutes[at..]);
        Count--;
    }

    /// <summary>
    /// Sorts the entries. Entries that were read are sorted already, and added ones follow them. A few are inserted in their places; only
    /// many are sorted as a whole.
    /// </summary>
    private static void Sort(Span<ulong> entries)
    {
        var sorted = Math.Min(1, entries.Length);
        while (sorted < entries.Length && entries[sorted - 1] <= entries[sorted])
        {
            sorted++;
        }

        if (entries.Length - sorted > 16)
        {
            entries.Sort();
            return;
        }

        for (; sorted < entries.Length; sorted++)
        {
            var late = entries[sorted];
            var at = entries[..sorted].BinarySearch(late);
            at = at < 0 ? ~at : at;
            entries[at..sorted].CopyTo(entries[(at + 1)..]);
            entries[at] = late;
        }
    }

    private static ulong Entry(uint minutes, ushort hash) => ((ulong)minutes << HashBits) | hash;

    private static ushort HashOf(ResourceVersion version) => (ushort)(version.Value >> (64 - HashBits));
}
