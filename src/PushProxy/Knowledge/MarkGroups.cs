using System.Collections.Concurrent;

namespace PushProxy.Knowledge;

/// <summary>
/// Groups the marks that turned out to belong to one client. Groups only grow. So two requests once counted as one client never count as
/// two later. When there are too many marks, counting starts anew.
/// </summary>
internal sealed class MarkGroups
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<ulong, ulong> _parents = new();
    private int _epoch;

    /// <summary>A number that changes when everything counted so far becomes invalid.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Returns the group of a mark. All marks of one client share it.</summary>
    public ulong Group(ulong mark)
    {
        // A parent is always a root when it becomes a parent, so there are no cycles.
        while (_parents.TryGetValue(mark, out var parent))
        {
            mark = parent;
        }

        return mark;
    }

    /// <summary>Notes that both marks belong to one client.</summary>
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
                // Forgetting a mark could make one client look like two, so all earlier counts become invalid.
                _parents.Clear();
                Interlocked.Increment(ref _epoch);
            }

            // A mark that many clients share keeps its group, and other marks join it. This keeps the chains of parents short.
            var (child, parent) = _parents.ContainsKey(mark) ? (Group(other), Group(mark)) : (Group(mark), Group(other));
            if (child != parent)
            {
                _parents[child] = parent;
            }
        }
    }
}
