namespace PushProxy.Redis.Exchange;

/// <summary>
/// The records that wait to be put, in order, one of each key, with a limit in number and bytes. What is being put counts until it was.
/// Safe for use by several threads at once.
/// </summary>
internal sealed class WaitingRecords(int maxCount, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<SharedRecord> _order = new();
    private readonly Dictionary<string, LinkedListNode<SharedRecord>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SharedRecord> _sending = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>How many there are, and how many bytes they have.</summary>
    public (int Count, long Bytes) Total
    {
        get
        {
            lock (_lock)
            {
                return (_waiting.Count + _sending.Count, _bytes);
            }
        }
    }

    /// <summary>Adds a record behind the others. One of the same key that still waits is replaced.</summary>
    /// <returns>False if there is no room. Then what waits stays.</returns>
    public bool TryAdd(SharedRecord record)
    {
        lock (_lock)
        {
            var before = _waiting.GetValueOrDefault(record.Key);
            var bytes = _bytes + Size(record) - (before is null ? 0 : Size(before.Value));
            if (bytes > maxBytes || (before is null && _waiting.Count + _sending.Count >= maxCount))
            {
                return false;
            }

            if (before is not null)
            {
                _order.Remove(before);
            }

            _waiting[record.Key] = _order.AddLast(record);
            _bytes = bytes;
            return true;
        }
    }

    /// <summary>Takes the first ones, to put them. What was taken before has been put or given back.</summary>
    public List<SharedRecord> Take(int count, long bytes)
    {
        lock (_lock)
        {
            var taken = new List<SharedRecord>();
            while (taken.Count < count && _order.First is { } first)
            {
                bytes -= Size(first.Value);
                if (bytes < 0 && taken.Count > 0)
                {
                    break;
                }

                _order.RemoveFirst();
                _waiting.Remove(first.Value.Key);
                _sending[first.Value.Key] = first.Value;
                taken.Add(first.Value);
            }

            return taken;
        }
    }

    /// <summary>A record was put.</summary>
    public void Done(SharedRecord record)
    {
        lock (_lock)
        {
            _sending.Remove(record.Key);
            _bytes -= Size(record);
        }
    }

    /// <summary>Records were not put. They come first again, in this order, but for those of which a newer one waits.</summary>
    public void GiveBack(IReadOnlyList<SharedRecord> records)
    {
        lock (_lock)
        {
            foreach (var record in records.Reverse())
            {
                _sending.Remove(record.Key);
                if (_waiting.ContainsKey(record.Key))
                {
                    _bytes -= Size(record);
                }
                else
                {
                    _waiting[record.Key] = _order.AddFirst(record);
                }
            }
        }
    }

    /// <summary>Whether a record is just being put, and Redis need not have answered.</summary>
    public bool IsSending(SharedRecord record)
    {
        lock (_lock)
        {
            return _sending.TryGetValue(record.Key, out var own) && own.Value.Span.SequenceEqual(record.Value.Span);
        }
    }

    private static long Size(SharedRecord record) => record.Key.Length + record.Value.Length;
}
