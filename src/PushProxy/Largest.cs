namespace PushProxy;

/// <summary>Keeps the first few of many values, in one pass and without sorting them all.</summary>
/// <param name="max">How many are kept; at least one.</param>
/// <param name="compare">Orders them. What it says of two values must not change.</param>
internal sealed class Largest<T>(int max, Comparison<T> compare)
{
    // The last of those kept is the one that makes room.
    private readonly PriorityQueue<T, T> _kept = new(Comparer<T>.Create((a, b) => compare(b, a)));

    /// <summary>Returns whether a value would be kept.</summary>
    public bool Takes(T value) => _kept.Count < max || compare(value, _kept.Peek()) < 0;

    /// <summary>Keeps a value if it is one of the first.</summary>
    public void Add(T value)
    {
        if (_kept.Count < max)
        {
            _kept.Enqueue(value, value);
        }
        else if (Takes(value))
        {
            _kept.DequeueEnqueue(value, value);
        }
    }

    /// <summary>Returns those kept, the first one first.</summary>
    public IReadOnlyList<T> InOrder()
    {
        var all = _kept.UnorderedItems.Select(static i => i.Element).ToList();
        all.Sort(compare);
        return all;
    }
}
