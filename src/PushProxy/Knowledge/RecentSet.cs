namespace PushProxy.Knowledge;

/// <summary>
/// A set that keeps what was added or looked up last. It has two halves: when the newer one is full, it becomes the older one, and what was
/// in the older one is forgotten. So many additions cannot push out what is in use. Safe for use by several requests at once.
/// </summary>
/// <param name="capacity">The maximum number of values kept.</param>
internal sealed class RecentSet<T>(int capacity)
    where T : notnull
{
    private readonly Lock _lock = new();
    private HashSet<T> _newer = [];
    private HashSet<T> _older = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _newer.Count + _older.Count(v => !_newer.Contains(v));
            }
        }
    }

    /// <summary>Adds a value.</summary>
    /// <returns>False if it was in the set already.</returns>
    public bool Add(T value)
    {
        lock (_lock)
        {
            var isNew = !_newer.Contains(value) && !_older.Contains(value);
            AddNewer(value);
            return isNew;
        }
    }

    /// <summary>Returns whether the value is in the set, and counts it as used.</summary>
    public bool Contains(T value)
    {
        lock (_lock)
        {
            if (_newer.Contains(value))
            {
                return true;
            }

            if (!_older.Contains(value))
            {
                return false;
            }

            AddNewer(value);
            return true;
        }
    }

    private void AddNewer(T value)
    {
        if (_newer.Add(value) && _newer.Count >= capacity / 2)
        {
            (_older, _newer) = (_newer, []);
        }
    }
}
