using System.Collections.Concurrent;

namespace PushProxy.Knowledge;

/// <summary>
/// Which marks have turned out to be of one client: sets that only ever grow together, so that two requests once taken for one
/// client's are never taken for two clients' afterwards. Bounded: when there are too many, counting starts anew.
/// </summary>
internal sealed class MarkGroups
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<ulong, ulong> _parents = new();
    private int _epoch;

    /// <summary>Changes when everything that was counted so far no longer counts.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>What all marks of one group have in common.</summary>
    public ulong Group(ulong mark)
    {
        // A parent is always a group at the time it becomes one, so that there are no circles.
        while (_parents.TryGetValue(mark, out var parent))
        {
            mark = parent;
        }

        return mark;
    }

    /// <summary>Both are of one client.</summary>
    public void Join(ulong mark, ulong other)
    {
        if (Group(mark) == Group(other))
        {
            return;
        }

        lock (_lock)
        {
            if (_parents.Count >= ClientIdentities.MaxRenewals)
            {
                // What is forgotten could make one client look like two. So nothing counts that was counted before.
                _parents.Clear();
                Interlocked.Increment(ref _epoch);
            }

            // What many are sent alike keeps its group, and others join it: so the ways up stay short.
            var (child, parent) = _parents.ContainsKey(mark) ? (Group(other), Group(mark)) : (Group(mark), Group(other));
            if (child != parent)
            {
                _parents[child] = parent;
            }
        }
    }
}
