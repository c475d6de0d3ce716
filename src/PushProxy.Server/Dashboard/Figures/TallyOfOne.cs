namespace PushProxy.Server.Dashboard.Figures;

/// <summary>
/// The sums of one instrument by its tags, except <c>route</c>: there may be many routes, and the store has figures of each. Safe for use
/// by many threads at once.
/// </summary>
internal sealed class TallyOfOne
{
    /// <summary>The maximum number of sums. What has other tags than those is added up in one more.</summary>
    public const int Max = 128;

    private const string Route = "route";

    private readonly Lock _lock = new();
    private volatile Entry[] _entries = [];

    /// <summary>Adds to a sum.</summary>
    /// <param name="tags">The tags; of more than two the first two count.</param>
    /// <param name="value">What is added.</param>
    /// <param name="isWhole">Whether this is not added, but is the sum.</param>
    public void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags, long value, bool isWhole)
    {
        object? first = null, second = null;
        foreach (ref readonly var tag in tags)
        {
            if (tag.Key != Route)
            {
                (first, second) = first is null ? (tag.Value, null) : (first, second ?? tag.Value);
            }
        }

        var entry = Find(_entries, first, second) ?? Add(first, second);
        if (isWhole)
        {
            Interlocked.Exchange(ref entry.Sum, value);
        }
        else
        {
            Interlocked.Add(ref entry.Sum, value);
        }
    }

    /// <summary>Returns the sums so far.</summary>
    public IReadOnlyList<Sum> Read() =>
        [.. _entries.Select(static e => new Sum(Word(e.First), Word(e.Second), Interlocked.Read(ref e.Sum)))];

    private static string Word(object? tag) => tag switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "true" : "false",
        _ => tag.ToString() ?? "",
    };

    private static Entry? Find(Entry[] entries, object? first, object? second)
    {
        foreach (var entry in entries)
        {
            if (Equals(entry.First, first) && Equals(entry.Second, second))
            {
                return entry;
            }
        }

        return null;
    }

    private Entry Add(object? first, object? second)
    {
        lock (_lock)
        {
            if (_entries.Length >= Max)
            {
                (first, second) = ("(others)", null);
            }

            if (Find(_entries, first, second) is { } entry)
            {
                return entry;
            }

            entry = new Entry(first, second);
            _entries = [.. _entries, entry];
            return entry;
        }
    }

    private sealed class Entry(object? first, object? second)
    {
        public readonly object? First = first, Second = second;
        public long Sum;
    }
}
