namespace PushProxy.Analysis.Sheets;

/// <summary>Which version of which stylesheet, read how.</summary>
internal sealed record SheetKey(string Url, string Version, string Charset);

/// <summary>
/// What was made of stylesheets, so that each version is parsed once. Bounded by the memory its contents take; what was not asked
/// for the longest goes first. For many threads at once.
/// </summary>
internal sealed class SheetCache(long maxSize)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SheetKey, LinkedListNode<(SheetKey Key, Stylesheet Sheet)>> _entries = [];
    private readonly LinkedList<(SheetKey Key, Stylesheet Sheet)> _order = [];
    private long _size;

    /// <summary>How many stylesheets are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>What is kept under a key; null for nothing.</summary>
    public Stylesheet? Find(SheetKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Sheet;
        }
    }

    /// <summary>Keeps a stylesheet.</summary>
    public void Add(SheetKey key, Stylesheet sheet)
    {
        lock (_lock)
        {
            if (sheet.Size > maxSize || !_entries.TryAdd(key, new((key, sheet))))
            {
                return;
            }

            _order.AddFirst(_entries[key]);
            _size += sheet.Size;
            while (_size > maxSize && _order.Last is { } last)
            {
                _order.RemoveLast();
                _entries.Remove(last.Value.Key);
                _size -= last.Value.Sheet.Size;
            }
        }
    }
}
