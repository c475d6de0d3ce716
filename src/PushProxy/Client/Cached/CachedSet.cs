using System.Runtime.InteropServices;
using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// What a client has, as its cookie says: of each resource and version 16 bits of its hash, and when it expires. Made on the stack for as
/// long as one looks or adds; <see cref="CachedSetReader"/> and <see cref="CachedSetWriter"/> know the text.
/// It never says no to what was added and has not expired; it wrongly says yes to one in 65,536 divided by <see cref="Count"/>.
/// </summary>
internal ref struct CachedSet
{
    /// <summary>More are in no cookie.</summary>
    public const int MaxEntries = 300;

    /// <summary>What the constructor needs to be lent.</summary>
    public const int Room = MaxEntries + (MaxEntries / 2);

    /// <summary>
    /// How much of <see cref="ResourceVersion"/> is kept, in bits: wrong in one of 218 questions with as many entries as may be.
    /// </summary>
    public const int HashBits = 16;

    private readonly Span<uint> _minutes;
    private readonly Span<ushort> _hashes;
    private readonly int _limit;

    /// <summary>An empty set.</summary>
    /// <param name="room">Memory for it, <see cref="Room"/> numbers; what is in them does not matter.</param>
    /// <param name="limit">
    /// How many entries it may hold, 1 to <see cref="MaxEntries"/>. One more, and the one that expires soonest goes.
    /// </param>
    public CachedSet(Span<uint> room, int limit)
    {
        _minutes = room[..MaxEntries];
        _hashes = MemoryMarshal.Cast<uint, ushort>(room[MaxEntries..Room]);
        _limit = Math.Min(limit, MaxEntries);
    }

    public int Count { get; private set; }

    /// <summary>
    /// Whether the client should get it anew: something was added, removed, or could not be read. That entries expired is no change.
    /// </summary>
    public bool HasChanged { get; set; }

    /// <summary>The expiry of the entry that lasts longest; none in an empty set.</summary>
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
    /// Adds what the client now has, or says that it has it for longer. Changes nothing if it is known to have it as long.
    /// </summary>
    public void Add(ResourceVersion version, CoarseTime until)
    {
        if (until != CoarseTime.None)
        {
            Add(HashOf(version), until.Minutes);
        }
    }

    /// <summary>Takes out what the client turned out not to have.</summary>
    public void Remove(ResourceVersion version)
    {
        if (_hashes[..Count].IndexOf(HashOf(version)) is >= 0 and var at)
        {
            RemoveAt(at);
            HasChanged = true;
        }
    }

    /// <summary>The entries in the order of their expiry, those of one expiry in the order of their hashes.</summary>
    /// <returns>How many: expiry in the bits from 16 up, hash below.</returns>
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

    /// <summary>Adds entries of one expiry that were read. None of the others is of their hashes, or it does no harm.</summary>
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
    /// The order that decides is total, so that what is left does not depend on the order of adding. False when the new one would be
    /// the first to go.
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

    /// <summary>Keeps the others in order, for <see cref="Sort"/>.</summary>
    private void RemoveAt(int at)
    {
        _hashes[(at + 1)..Count].CopyTo(_hashes[at..]);
        _minutes[(at + 1)..Count].CopyTo(_minutes[at..]);
        Count--;
    }

    /// <summary>
    /// As read they are in order, and what was added is behind them: put a few in their place, and sort only what is many.
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
