using System.Collections.Concurrent;

namespace PushProxy.Knowledge;

/// <summary>
/// Groups the marks that turned out to belong to one client. Groups only grow, unless a mark turns out to be everybody's: then what it
/// alone held together falls apart. Otherwise two requests once counted as one client never count as two later. When there are too many
/// marks, counting starts anew.
/// </summary>
internal sealed class MarkGroups
{
    private readonly Lock _lock = new();
    private readonly HashSet<(ulong Mark, ulong Other)> _joins = [];
    private volatile ConcurrentDictionary<ulong, ulong> _parents = new();
    private int _epoch;

    /// <summary>Called when two marks turned out to belong to one client.</summary>
    public event Action<ulong, ulong>? Joined;

    /// <summary>A number that changes when everything counted so far becomes invalid.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Returns the group of a mark. All marks of one client share it.</summary>
    public ulong Group(ulong mark) => RootOf(_parents, mark);

    /// <summary>Notes that both marks belong to one client.</summary>
    public void Join(ulong mark, ulong other)
    {
        if (mark == other)
        {
            return;
        }

        lock (_lock)
        {
            if (Group(mark) == Group(other) && _joins.Contains((mark, other)))
            {
                return;
            }

            if (_joins.Count >= ClientIdentities.MaxRenewals)
            {
                // Forgetting a mark could make one client look like two, so all earlier counts become invalid.
                _joins.Clear();
                _parents = new();
                Interlocked.Increment(ref _epoch);
            }

            _joins.Add((mark, other));
            Link(_parents, mark, other);
        }

        Joined?.Invoke(mark, other);
    }

    /// <summary>Forgets all marks. What was counted before becomes invalid.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _joins.Clear();
            _parents = new();
            Interlocked.Increment(ref _epoch);
        }
    }

    /// <summary>
    /// Takes a mark out of its group, because it is not one client's. The others stay joined as far as they are without it.
    /// </summary>
    public void Forget(ulong mark)
    {
        lock (_lock)
        {
            if (_joins.RemoveWhere(j => j.Mark == mark || j.Other == mark) == 0)
            {
                return;
            }

            var parents = new ConcurrentDictionary<ulong, ulong>();
            foreach (var (one, other) in _joins)
            {
                Link(parents, one, other);
            }

            _parents = parents;
        }
    }

    private static ulong RootOf(ConcurrentDictionary<ulong, ulong> parents, ulong mark)
    {
        // A parent is always a root when it becomes a parent, so there are no cycles.
        while (parents.TryGetValue(mark, out var parent))
        {
            mark = parent;
        }

        return mark;
    }

    // A mark that many clients share keeps its group, and other marks join it. This keeps the chains of parents short.
    private static void Link(ConcurrentDictionary<ulong, ulong> parents, ulong mark, ulong other)
    {
        var (one, two) = (RootOf(parents, mark), RootOf(parents, other));
        var (child, parent) = parents.ContainsKey(mark) ? (two, one) : (one, two);
        if (child != parent)
        {
            parents[child] = parent;
        }
    }
}
