namespace PushProxy.Knowledge;

/// <summary>
/// Finds the cookies whose value a site gives to several newcomers, such as one that only tests whether cookies work. They identify nobody.
/// Kept are the values given or looked up last. Safe for use by several requests at once.
/// </summary>
/// <param name="capacity">The maximum number of values remembered, and of common ones.</param>
internal sealed class CommonMarks(int capacity)
{
    private readonly Lock _lock = new();
    private readonly RecentSet<ulong> _common = new(capacity);
    private Dictionary<ulong, ulong> _newer = [];
    private Dictionary<ulong, ulong> _older = [];
    private volatile bool _isEmpty = true;

    /// <summary>Whether no common value is known.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Returns whether several newcomers were given the value.</summary>
    public bool Contains(ulong mark) => !_isEmpty && _common.Contains(mark);

    /// <summary>Notes that a client without cookies was given a value.</summary>
    /// <param name="mark">The hash of name and value.</param>
    /// <param name="connection">The client's connection.</param>
    /// <returns>True if it is now known that the value is common.</returns>
    public bool Gave(ulong mark, ulong connection)
    {
        lock (_lock)
        {
            if (Contains(mark))
            {
                return false;
            }

            if (!_newer.TryGetValue(mark, out var first) && !_older.TryGetValue(mark, out first))
            {
                first = connection;
            }

            if (first != connection)
            {
                _newer.Remove(mark);
                _older.Remove(mark);
                _common.Add(mark);
                _isEmpty = false;
                return true;
            }

            _newer[mark] = first;
            if (_newer.Count >= capacity / 2)
            {
                (_older, _newer) = (_newer, []);
            }

            return false;
        }
    }
}
