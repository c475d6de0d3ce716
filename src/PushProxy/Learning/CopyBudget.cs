using System.Runtime.InteropServices;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Limits the memory that all copies of passing pages share, and shares it fairly. While there is room, nobody loses a copy. When there is
/// none, a copy whose client has stalled makes room first. Then a copy of the client that has the most makes room, as long as that client
/// has more than the one that wants room. Clients are told apart by address, and those of one address by connection.
/// </summary>
/// <param name="limit">The maximum number of bytes.</param>
/// <param name="stallTime">A copy has stalled if fewer than <see cref="PageCopy.Progress"/> bytes came in this time.</param>
/// <param name="maxTime">A copy that has taken longer than this counts as stalled, too.</param>
/// <param name="time">The clock.</param>
internal sealed class CopyBudget(long limit, TimeSpan stallTime, TimeSpan maxTime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<PageCopy> _copies = [];
    private readonly Dictionary<AddressPrefix, long> _byClient = [];
    private readonly Dictionary<(AddressPrefix, string), long> _byConnection = [];
    private long _used;

    public CopyBudget(LearningOptions options, TimeProvider time)
        : this(options.MaxBufferedBytes, options.CopyStallTime, options.MaxCopyTime, time)
    {
    }

    /// <summary>The bytes in use now.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Called with the reason whenever a copy has been given up to make room. Its owner notices later.</summary>
    public Action<PageSkip>? GaveUp { get; set; }

    /// <summary>The time now, as a timestamp of the clock.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Reserves room for a copy that grows.</summary>
    /// <returns>False if there is no room and nobody has to make any.</returns>
    public bool TryReserve(PageCopy copy, int bytes)
    {
        lock (_lock)
        {
            if (copy.GivenUp != PageSkip.None || (_used + bytes > limit && !MakeRoom(copy, bytes)))
            {
                return false;
            }

            _copies.Add(copy);
            copy.Reserved += bytes;
            Count(copy, bytes);
            return true;
        }
    }

    /// <summary>Returns all that a copy has reserved.</summary>
    public void Release(PageCopy copy)
    {
        lock (_lock)
        {
            Remove(copy);
        }
    }

    private bool MakeRoom(PageCopy wanting, int bytes)
    {
        foreach (var copy in _copies)
        {
            if (_used + bytes <= limit)
            {
                return true;
            }

            if (copy != wanting && copy.HasStalled(time, stallTime, maxTime))
            {
                GiveUp(copy, PageSkip.Stalled);
            }
        }

        while (_used + bytes > limit)
        {
            if (FindHeaviest(wanting, bytes) is not { } heaviest)
            {
                return false;
            }

            GiveUp(heaviest, PageSkip.Busy);
        }

        return true;
    }

    /// <summary>
    /// Returns the largest copy of the client that has the most; null if nobody has more than the client that wants room.
    /// </summary>
    private PageCopy? FindHeaviest(PageCopy wanting, int bytes)
    {
        PageCopy? found = null;
        var most = (Share: 0L, Size: 0);
        var (ofClient, ofConnection) = (_byClient.GetValueOrDefault(wanting.Client), _byConnection.GetValueOrDefault(wanting.Owner));
        foreach (var copy in _copies)
        {
            if (copy == wanting || copy.IsHeld)
            {
                continue;
            }

            var isNeighbour = copy.Client == wanting.Client;
            var share = isNeighbour ? _byConnection[copy.Owner] : _byClient[copy.Client];
            if (share > (isNeighbour ? ofConnection : ofClient) + bytes && (share, copy.Reserved).CompareTo(most) > 0)
            {
                (found, most) = (copy, (share, copy.Reserved));
            }
        }

        return found;
    }

    private void GiveUp(PageCopy copy, PageSkip reason)
    {
        // A copy that has just been taken for analysis stays. It is held from then on, and not found again.
        if (copy.TryGiveUp(reason))
        {
            Remove(copy);
            GaveUp?.Invoke(reason);
        }
    }

    private void Remove(PageCopy copy)
    {
        if (_copies.Remove(copy))
        {
            Count(copy, -copy.Reserved);
            copy.Reserved = 0;
        }
    }

    private void Count(PageCopy copy, int bytes)
    {
        Volatile.Write(ref _used, _used + bytes);
        Count(_byClient, copy.Client, bytes);
        Count(_byConnection, copy.Owner, bytes);
    }

    private static void Count<T>(Dictionary<T, long> shares, T key, int bytes)
        where T : notnull
    {
        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(shares, key, out _);
        share += bytes;
        if (share == 0)
        {
            shares.Remove(key);
        }
    }
}
